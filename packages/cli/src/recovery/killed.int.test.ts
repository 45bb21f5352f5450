import { runInChild, createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';

let workspace: TestWorkspace;
beforeEach(() => {
  workspace = createTestWorkspace({ git: true });
  const at = (name: string) => join(workspace.root, '.side', name);
  mkdirSync(join(workspace.root, '.side'));
  spawnSync('mkfifo', [at('alive')]);
  workspace.write('.gitignore', '.pikaci\n.side\n');
  write({
    first: { run: `echo ran >> ${at('first')}; echo output of first`, artifacts: [] },
    // Its parent, pikaci, is killed by the command itself the first time: in the middle of the job.
    second: {
      run: `echo ran >> ${at('second')}
        if [ ! -e ${at('killed')} ]; then
          echo begun; echo warned >&2
          until [ "$(wc -l < "$PIKACI_ARTIFACTS/guest.log.index")" -ge 3 ]; do :; done
          exec 9> ${at('alive')}; : > ${at('killed')}; kill -KILL $(cat ${at('pid')}); sleep 3600
        fi
        echo output of second`,
      needs: ['first'],
    },
    third: { run: `echo ran >> ${at('third')}`, needs: ['second'] },
    other: { run: 'true' },
  });
});
afterEach(() => workspace.remove());

function write(jobs: Readonly<Record<string, unknown>>): void {
  workspace.write(
    'pikaci.config.json',
    JSON.stringify({
      schemaVersion: 1,
      jobs,
      targets: { all: { jobs: Object.keys(jobs).slice(0, 3) } },
    }),
  );
}

const side = (name: string) => join(workspace.root, '.side', name);
const timesRun = (name: string) =>
  existsSync(side(name)) ? readFileSync(side(name), 'utf8').trim().split('\n').length : 0;
const stateRoot = () => join(workspace.root, '.pikaci');

async function cli(...argv: string[]) {
  const io = capturedIo({
    cwd: workspace.root,
    env: { PATH: process.env['PATH'] },
    uid: process.getuid?.() ?? null,
  });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

interface Shown {
  readonly run_id: string;
  readonly status: string;
  readonly failure_kind: string | null;
  readonly resumed_at: readonly string[];
  readonly jobs: readonly {
    readonly id: string;
    readonly status: string;
    readonly attempt: number;
  }[];
}
async function shown(reference: string): Promise<Shown> {
  return JSON.parse((await cli('status', reference, '--json')).stdout) as Shown;
}
const states = (run: Shown) => Object.fromEntries(run.jobs.map((job) => [job.id, job.status]));

/** A run that is killed while its second job runs; resolves when the job is gone as well. Returns its id. */
async function killedRun(): Promise<string> {
  const gone = once(createReadStream(side('alive')).resume(), 'end');
  const helper = new URL('run-in-child.test.helper.ts', import.meta.url);
  const ended = await runInChild(helper, 'pikaci', {
    argv: ['run', 'all'],
    cwd: workspace.root,
    pidFile: side('pid'),
  });
  expect(ended).toMatchObject({ signal: 'SIGKILL', stderr: '' });
  await gone;
  return (await shown('latest')).run_id;
}

function eventsOf(runId: string): readonly { readonly event: string; readonly sequence: number }[] {
  const text = readFileSync(join(stateRoot(), 'runs', runId, 'events.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; sequence: number });
}

describe('a pikaci that was killed in the middle of a job', () => {
  it('is shown as abandoned, with the next step, and nothing is changed by looking', async () => {
    const runId = await killedRun();
    const before = readFileSync(join(stateRoot(), 'runs', runId, 'run.json'), 'utf8');
    const status = await cli('status', runId);
    expect(status.stdout).toContain('abandoned');
    expect(status.stdout).toContain(`npx pikaci resume ${runId}`);
    expect((await cli('list')).stdout).toContain('abandoned');
    expect((await cli('doctor')).stdout).toContain(`run ${runId}`);
    const dry = await cli('sweep', '--dry-run');
    expect(dry.stdout).toContain(`run ${runId} would be closed: its process is gone`);
    expect(dry.stdout).toContain(`something of run ${runId} would be removed`);
    expect(readFileSync(join(stateRoot(), 'runs', runId, 'run.json'), 'utf8')).toBe(before);
    expect(existsSync(join(stateRoot(), 'runs', runId, 'jobs/second/workspace'))).toBe(true);
  });

  it('has its run closed and its remains removed by the next run, which says so in one line', async () => {
    const runId = await killedRun();
    const next = await cli('run', 'other');
    expect(next.code).toBe(0);
    expect(next.stderr).toBe(
      `recovered run ${runId}, whose process was gone: 2 jobs marked; removed the working tree of job second (${runId})\n`,
    );
    const run = await shown(runId);
    expect(run).toMatchObject({ status: 'failed', failure_kind: 'infrastructure' });
    expect(states(run)).toEqual({ first: 'passed', second: 'failed', third: 'skipped' });
    const events = eventsOf(runId);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.event).toBe('run_finished');
    const jobDir = join(stateRoot(), 'runs', runId, 'jobs/second');
    expect(readdirSync(jobDir).sort()).toEqual(['artifacts', 'host.log', 'status.json']);
    expect(readdirSync(join(stateRoot(), 'cache/run-leases'))).toEqual([]);
    expect((await cli('run', 'other')).stderr).toBe('');
    expect((await cli('sweep')).stdout).toBe('nothing was left\n');
  });

  it.each(['at once', 'after another run has closed it'])(
    'has its run gone on with %s: what has a result is not run again',
    async (when) => {
      const runId = await killedRun();
      if (when !== 'at once') await cli('run', 'other');
      const resumed = await cli('resume', ...(when === 'at once' ? [] : [runId]));
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      const run = await shown(runId);
      expect(run).toMatchObject({ run_id: runId, status: 'passed' });
      expect(run.resumed_at).toHaveLength(1);
      expect(states(run)).toEqual({ first: 'passed', second: 'passed', third: 'passed' });
      expect(['first', 'second', 'third'].map(timesRun)).toEqual([1, 2, 1]);
      expect(run.jobs.map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
      const logs = await cli('logs', runId, '--job', 'second', '--kind', 'guest');
      expect(logs.stdout).toBe('output of second\n');
      const events = eventsOf(runId);
      expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
      expect(events.map(({ event }) => event)).toContain('run_resumed');
      expect(readdirSync(join(stateRoot(), 'cache/run-leases'))).toEqual([]);
      expect((await cli('resume')).stderr).toContain('There is no run to go on with');
    },
  );

  it('has left a log whose streams and times are known', async () => {
    const runId = await killedRun();
    const stream = (name: string, ...more: readonly string[]) =>
      cli('logs', runId, '--job', 'second', '--stream', name, ...more);
    expect(await stream('stdout')).toEqual({ code: 0, stdout: 'begun\n', stderr: '' });
    expect(await stream('stderr')).toEqual({ code: 0, stdout: 'warned\n', stderr: '' });
    const timed = await stream('stderr', '--timestamps', '--follow');
    expect(timed.code).toBe(3);
    expect(timed.stdout).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warned\n$/u);
  });

  it('has its run closed by who wants to cancel it: nobody could be asked', async () => {
    const runId = await killedRun();
    const { code, stdout, stderr } = await cli('cancel', runId);
    expect(code).toBe(0);
    expect(stdout).toBe(`nothing to cancel: run ${runId} has ended: failed (infrastructure)\n`);
    expect(stderr).toContain(`recovered run ${runId}`);
  });

  it('cannot have its run gone on with by another configuration, which says what differs', async () => {
    const runId = await killedRun();
    write({
      first: { run: 'true' },
      second: { run: 'true', needs: ['first'] },
      third: { run: 'true' },
    });
    const { code, stderr } = await cli('resume', runId);
    expect(code).toBe(2);
    expect(stderr).toContain(`The run ${runId} cannot be gone on with`);
    expect(stderr).toContain('execute-first: execute.command');
    expect(stderr).toContain('pikaci run');
    expect(states(await shown(runId))).toEqual({ first: 'passed', second: 'running' });
  });

  it('is shown as damaged when a power cut has emptied its record, which stops no other run', async () => {
    const runId = await killedRun();
    writeFileSync(join(stateRoot(), 'runs', runId, 'run.json'), Buffer.alloc(64));
    expect((await cli('list')).stdout).toContain('damaged');
    const next = await cli('run', 'other');
    expect(next).toMatchObject({ code: 0 });
    expect((await cli('status', 'latest')).stdout).toContain('passed');
  });
});
