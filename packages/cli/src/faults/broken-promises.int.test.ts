import { createIncusClient } from '@pikaci/incus-client';
import type { FakeIncus } from '@pikaci/testkit';
import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { aftermathOf, type Aftermath } from './aftermath.test.helper.js';
import { brokenPromises } from './broken-promises.test.helper.js';
import { namesIn, readJson } from './disk.test.helper.js';
import { startFakeGuests } from './fake-guests.test.helper.js';
import type { FaultPlan } from './fault-plan.test.helper.js';
import { runPlainly } from './fault-run.test.helper.js';
import { createFaultWorkspace } from './fault-workspace.test.helper.js';
import { createFaultWorld, type FaultWorld } from './fault-world.test.helper.js';
import type { FaultJob } from './job-kinds.test.helper.js';

const job = (id: string, changes: Partial<FaultJob>): FaultJob => ({
  id,
  kind: 'passes',
  runtime: 'process',
  needs: [],
  usesPayload: false,
  usesSecret: false,
  retries: 0,
  ...changes,
});
const plan: FaultPlan = {
  seed: 0,
  jobs: [
    job('guest', { runtime: 'incus', usesPayload: true, kind: 'keeps' }),
    job('red', { kind: 'fails', usesSecret: true }),
  ],
  fault: null,
  interruptAfter: null,
  followUp: 'list',
  secret: 'a "secret"/of+tests',
};

let fake: FakeIncus;
let world: FaultWorld;
let aftermath: Aftermath;
let untouched: string;
beforeAll(async () => {
  fake = await startFakeGuests();
  const workspace = createFaultWorkspace();
  const server = { socketPath: fake.socketPath, image: 'tiny', sharesFiles: true };
  world = await createFaultWorld(plan, server, workspace);
  workspace.remove();
  await runPlainly(world, 'run');
  const ended = { exitCode: 1, signal: null, stdout: '', stderr: '', hung: false };
  aftermath = aftermathOf(world, ended);
  untouched = mkdtempSync(join(tmpdir(), 'pikaci-untouched-'));
  for (const name of kept)
    cpSync(join(world.stateRoot, '..', name), join(untouched, name), exactly);
});
afterEach(() => {
  for (const name of kept) {
    rmSync(join(world.stateRoot, '..', name), { recursive: true });
    cpSync(join(untouched, name), join(world.stateRoot, '..', name), exactly);
  }
});
afterAll(async () => {
  await world.remove();
  await fake[Symbol.asyncDispose]();
  rmSync(untouched, { recursive: true });
});

/** What tests break: it is put back after each. */
const kept = ['state', 'marks'];
const exactly = { recursive: true, verbatimSymlinks: true };

/** The only run of the world. */
function inRun(...path: readonly string[]): string {
  const runs = join(world.stateRoot, 'runs');
  const [run = ''] = namesIn(runs);
  return join(runs, run, ...path);
}

function inPayload(...path: readonly string[]): string {
  const store = join(world.stateRoot, 'cache', 'payloads');
  const [key = ''] = namesIn(store).filter((name) => !name.startsWith('.'));
  return join(store, key, ...path);
}

function inSnapshot(...path: readonly string[]): string {
  const store = join(world.stateRoot, 'cache', 'snapshots');
  const [hash = ''] = namesIn(store).filter((name) => !name.startsWith('.'));
  return join(store, hash, 'snapshot', ...path);
}

function flipByte(file: string): void {
  const bytes = readFileSync(file);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  rmSync(file);
  writeFileSync(file, bytes);
}

function changeJson(file: string, change: (json: Record<string, unknown>) => void): void {
  const json = readJson(file) ?? {};
  change(json);
  writeFileSync(file, `${JSON.stringify(json, null, 2)}\n`);
}

/** Changes a job's record in both places where it stands. */
function changeJob(id: string, changes: Record<string, unknown>): void {
  changeJson(inRun('jobs', id, 'status.json'), (json) => Object.assign(json, changes));
  changeJson(inRun('run.json'), ({ jobs }) => {
    const found = (jobs as Record<string, unknown>[]).find((one) => one['id'] === id);
    Object.assign(found ?? {}, changes);
  });
}

async function createInstance(config: Record<string, string>): Promise<void> {
  const client = createIncusClient({ socketPath: fake.socketPath });
  const image = await client.images.getAlias('tiny');
  const fingerprint = image.ok ? image.value.fingerprint : '';
  await client.instances.create({ name: 'left', type: 'container', fingerprint, config });
  client.close();
}

const broken = async () => {
  const found = await brokenPromises(aftermath);
  return [...new Set(found.map(({ promise }) => promise))];
};

it('finds nothing to say about a run to which nothing happened', async () => {
  expect(await brokenPromises(aftermath)).toEqual([]);
});

it.each<[string, string, () => void]>([
  ['a record of a job that is gone', 'records', () => rmSync(inRun('jobs', 'red', 'status.json'))],
  [
    'a run that still says that it runs',
    'records',
    () => changeJson(inRun('run.json'), (json) => (json['status'] = 'running')),
  ],
  [
    'an event that is missing',
    'records',
    () => {
      const lines = readFileSync(inRun('events.jsonl'), 'utf8').split('\n');
      writeFileSync(inRun('events.jsonl'), lines.toSpliced(4, 1).join('\n'));
    },
  ],
  [
    'a second end of a job',
    'records',
    () => {
      const lines = readFileSync(inRun('events.jsonl'), 'utf8').trimEnd().split('\n');
      const ended = lines.find((line) => line.includes('"event":"job_finished"')) ?? '';
      const last = lines.pop() ?? '';
      const at = (line: string, sequence: number) =>
        JSON.stringify({ ...(JSON.parse(line) as object), sequence });
      const all = [...lines, at(ended, lines.length + 1), at(last, lines.length + 2)];
      writeFileSync(inRun('events.jsonl'), `${all.join('\n')}\n`);
    },
  ],
  ['a byte of a payload that is another one', 'caches', () => flipByte(inPayload('output/words'))],
  ['a payload without record', 'caches', () => rmSync(inPayload('payload.json'))],
  ['a byte of a snapshot that is another one', 'caches', () => flipByte(inSnapshot('data/words'))],
  ['a snapshot without marker', 'caches', () => rmSync(inSnapshot('pikaci-snapshot.json'))],
  [
    'a staging directory',
    'leftovers',
    () => writeFileSync(join(world.stateRoot, 'cache/payloads/.staging-1'), ''),
  ],
  ['a temporary file', 'leftovers', () => writeFileSync(inRun('.run.json.0123.tmp'), '')],
  ['a lock', 'leftovers', () => writeFileSync(inRun('.adopted'), '')],
  ['a secret as it is', 'secrets', () => appendFileSync(inRun('jobs/red/host.log'), plan.secret)],
  [
    'a secret in JSON',
    'secrets',
    () => appendFileSync(inRun('jobs/red/host.log'), JSON.stringify(plan.secret)),
  ],
  [
    'a secret in base64, in the middle of something else',
    'secrets',
    () =>
      appendFileSync(
        inRun('jobs/red/host.log'),
        Buffer.from(`user:${plan.secret}:rest`).toString('base64'),
      ),
  ],
  [
    'a secret in a URL',
    'secrets',
    () => appendFileSync(inRun('jobs/red/host.log'), encodeURIComponent(plan.secret)),
  ],
  [
    'a machine that is blamed for a job',
    'verdicts',
    () => changeJob('red', { failure_kind: 'infrastructure' }),
  ],
  [
    'a job that is blamed for its machine',
    'verdicts',
    () => changeJob('guest', { status: 'failed', failure_kind: 'job', exit_code: 3 }),
  ],
  [
    'a job that passed, and never came to its end',
    'verdicts',
    () => writeFileSync(join(world.marksDir, 'guest'), 'begin\n'),
  ],
  ['a job whose exit code is another one', 'verdicts', () => changeJob('red', { exit_code: 4 })],
  [
    'a log that lacks its last byte',
    'output',
    () => {
      const log = inRun('jobs/guest/artifacts/guest.log');
      writeFileSync(log, readFileSync(log).subarray(0, -1));
    },
  ],
  [
    'a log that holds something twice',
    'output',
    () => appendFileSync(inRun('jobs/red/artifacts/guest.log'), 'again'),
  ],
  [
    'an index that takes one stream for the other',
    'output',
    () => {
      const index = inRun('jobs/guest/artifacts/guest.log.index');
      writeFileSync(index, readFileSync(index, 'latin1').replace('\no ', '\ne '));
    },
  ],
  ['an index that is gone', 'output', () => rmSync(inRun('jobs/guest/artifacts/guest.log.index'))],
  ['an artifact that is gone', 'output', () => rmSync(inRun('jobs/guest/artifacts/kept/words'))],
])('notices %s', async (_, promise, break_) => {
  break_();
  expect(await broken()).toEqual([promise]);
});

it('notices an instance with all our marks', async () => {
  await createInstance({
    'user.pikaci.run-id': '20260101T000000Z-00000000',
    'user.pikaci.job-id': 'guest',
    'user.pikaci.attempt': '1',
    'user.pikaci.state-root': world.stateRoot,
    'user.pikaci.host': hostname(),
    'user.pikaci.owner': '{}',
  });
  expect(await broken()).toEqual(['instances']);
  fake.removeInstance('left');
});

it('notices a process of a job', async () => {
  const env = {
    ...process.env,
    PIKACI_ARTIFACTS: join(world.stateRoot, 'runs/x/jobs/y/artifacts'),
  };
  const child = spawn('sleep', ['60'], { env, stdio: 'ignore' });
  await expect.poll(broken).toEqual(['processes']);
  child.kill('SIGKILL');
});

// The last one: what it does to the server stays.
it('notices a foreign instance that is gone, or was changed', async () => {
  const [first, second] = fake.instances().map(({ name }) => name);
  fake.removeInstance(first ?? '');
  fake.instance(second ?? '').definition.config['user.touched'] = 'yes';
  const found = await brokenPromises(aftermath);
  expect(found.map(({ promise }) => promise)).toEqual(['foreign', 'foreign']);
});
