import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputs } from '@pikaci/model';
import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { commandLeaves, helpOf } from '../command-leaves.test.helper.js';
import { runCli } from '../run-cli.js';
import { RecordedRun, runningJob } from '../watch/recorded-run.test.helper.js';
import { jsonCases, withoutJson, type JsonCase } from './json-cases.test.helper.js';
import { outputNames, schemaProblems } from './schema-check.test.helper.js';

let workspace: TestWorkspace;
let elsewhere: string;
const broken = new RecordedRun();

/** Jobs that end in each way that there is. */
function configuration() {
  const mounts = [{ name: 'words', workspacePath: 'words' }];
  return {
    schemaVersion: 1,
    defaults: { timeoutSeconds: 600 },
    payloads: {
      words: { kind: 'command', run: 'cp in "$PIKACI_OUTPUT/w"', inputs: ['in'], mounts },
    },
    jobs: {
      green: {
        run: 'echo hi | tee out.txt; ln -s / "$PIKACI_ARTIFACTS/link"',
        payloads: ['words'],
        artifacts: ['out.txt'],
      },
      flaky: {
        run: `test -e ${elsewhere}/mark || { : > ${elsewhere}/mark; exit 1; }`,
        retry: { job: 1 },
        concurrency: 'one',
        matrix: { node: [22] },
      },
      slow: { run: `: > ${elsewhere}/up; exec sleep 600` },
      red: {
        run: `until test -e ${elsewhere}/up; do sleep 0.1; done; exit 3`,
        needs: ['green', 'flaky', 'allowed'],
      },
      allowed: { run: 'exit 4', allowFailure: true, concurrency: 'one' },
      late: { run: 'true', needs: ['red'] },
      after: { run: 'true', needs: ['green'] },
    },
    targets: {
      all: { description: 'all', jobs: ['green', 'flaky', 'allowed', 'slow', 'red', 'late'] },
      'skip-target': { jobs: ['green'], paths: ['web/**'] },
    },
  };
}

async function cli(argv: readonly string[], env: Record<string, string> = {}) {
  const usual = { PATH: process.env['PATH'], PIKACI_RUNTIME_DIR: join(elsewhere, 'runtime') };
  const io = capturedIo({ cwd: workspace.root, env: { ...usual, ...env } });
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

let first: string;
let stream: string;
beforeAll(async () => {
  elsewhere = mkdtempSync(join(tmpdir(), 'pikaci-schemas-'));
  workspace = createTestWorkspace({ git: true });
  workspace.write('pikaci.config.json', JSON.stringify(configuration()));
  workspace.write('.gitignore', '.pikaci\n');
  workspace.write('in', 'one');
  workspace.write('gone', '');
  workspace.commit();
  const earlier = await cli(['run', 'green', 'allowed', '--output', 'json']);
  first = (JSON.parse(earlier.stdout) as { run_id: string }).run_id;
  workspace.write('in', 'two', 0o755);
  rmSync(join(workspace.root, 'gone'));
  const all = await cli(['run', 'all', '--fail-fast', '--jobs', '6', '--output', 'jsonl']);
  expect(all.code, all.stderr).toBe(1);
  stream = all.stdout;
  broken.abandoned([runningJob('unit')]);
  damage();
});
afterAll(() => {
  broken.remove();
  workspace.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});

/** A run whose record cannot be read, and payloads that are no longer what they were. */
function damage() {
  const state = join(workspace.root, '.pikaci');
  mkdirSync(join(state, 'runs/20260307T000000Z-aaaa0001'));
  writeFileSync(join(state, 'runs/20260307T000000Z-aaaa0001/run.json'), '{');
  const store = join(state, 'cache/payloads');
  const [one = ''] = readdirSync(store).filter((name) => /^[0-9a-f]{64}$/u.test(name));
  chmodSync(join(store, one, 'output'), 0o755);
  writeFileSync(join(store, one, 'output/added'), '');
  mkdirSync(join(store, '0'.repeat(64)));
}

const parsed = (text: string): unknown => JSON.parse(text);
const linesOf = (text: string) => text.trimEnd().split('\n');
const isPlain = (word: string) => !word.startsWith('-');

/** The words of a command line that name its command. */
function commandOf({ argv }: JsonCase, leaves: readonly (readonly string[])[]): string {
  const words = argv.filter(isPlain);
  const leaf = leaves.find((names) => names.every((name, index) => words[index] === name));
  return leaf?.join(' ') ?? '';
}

describe('a run with jobs that end in every way', () => {
  interface Line {
    readonly event: string;
    readonly schema_version: number;
    readonly job?: { readonly id: string; readonly status: string };
  }
  const events = () => linesOf(stream).map((line) => parsed(line) as Line);

  it('has an event stream of which every line is what its schema says', () => {
    const problems = linesOf(stream).flatMap((line) => schemaProblems('event', parsed(line)));
    expect(problems).toEqual([]);
    expect([...new Set(events().map(({ event }) => event))].sort()).toEqual([
      'cancel_requested',
      'job_attempt_finished',
      'job_finished',
      'job_phase',
      'job_skipped',
      'job_started',
      'job_waiting',
      'plan_made',
      'prepare_finished',
      'prepare_started',
      'run_finished',
      'run_started',
      'snapshot_taken',
    ]);
    const last = events().findLast(({ event }) => event === 'run_finished');
    expect(last).toMatchObject({
      schema_version: 1,
      run: {
        jobs: expect.arrayContaining([
          expect.objectContaining({ id: 'red', status: 'failed' }),
          expect.objectContaining({ id: 'slow', status: 'failed', failure_kind: 'cancelled' }),
          expect.objectContaining({ id: 'late', status: 'skipped' }),
          expect.objectContaining({ id: 'green', status: 'passed' }),
          expect.objectContaining({ id: 'flaky-22', flaky: true }),
        ]) as unknown,
      },
    });
  });

  it('has the same on disk, and records that are what theirs say', async () => {
    const { run_id: id } = events()[0] as unknown as { readonly run_id: string };
    const dir = join(workspace.root, '.pikaci/runs', id);
    const read = (name: string) => readFileSync(join(dir, name), 'utf8');
    expect(read('events.jsonl')).toBe(stream);
    expect(schemaProblems('run', parsed(read('run.json')))).toEqual([]);
    expect(schemaProblems('plan', parsed(read('plan.json')))).toEqual([]);
    expect(schemaProblems('prepared-outputs', parsed(read('prepared-outputs.json')))).toEqual([]);
    for (const job of ['green', 'red', 'slow', 'late', 'flaky-22']) {
      expect(schemaProblems('job', parsed(read(`jobs/${job}/status.json`)))).toEqual([]);
    }
  });
});

describe('every command', () => {
  it.each(jsonCases.map((one) => [one.argv.join(' '), one] as const))(
    '%s prints what its schema says, and no other key',
    async (_, { argv, schema, isOfBrokenRun, holds }) => {
      mkdirSync(join(elsewhere, 'new'), { recursive: true });
      writeFileSync(join(elsewhere, 'new/package.json'), '{"scripts":{"test":"true"}}');
      const places = { OUT: join(elsewhere, 'out'), NEW: join(elsewhere, 'new'), FIRST: first };
      const words = argv.map((word) => (places as Record<string, string>)[word] ?? word);
      const env = isOfBrokenRun ? { PIKACI_STATE_ROOT: broken.stateRoot } : {};
      const { stdout, stderr } = await cli(words, env);
      expect(stdout, stderr).toMatch(/^\{/u);
      expect(schemaProblems(schema, parsed(stdout))).toEqual([]);
      if (holds !== undefined) expect(stdout).toMatch(holds);
    },
  );

  it('that prints JSON is tried here, and so is every schema', async () => {
    const leaves = await commandLeaves();
    const tried = new Set(jsonCases.map((one) => commandOf(one, leaves)));
    const untried = leaves
      .map((leaf) => leaf.join(' '))
      .filter((command) => !tried.has(command) && !Object.hasOwn(withoutJson, command));
    expect(untried).toEqual([]);
    for (const command of Object.keys(withoutJson)) {
      expect(await helpOf(command.split(' '))).not.toMatch(/^ {2}--\S*json/mu);
    }
    const named = outputNames.flatMap((name) => outputs[name].printedBy);
    const known = new Set(leaves.map((leaf) => leaf.join(' ')));
    const commands = named.map((line) => line.replace(/ --.*/u, ''));
    expect(commands.filter((one) => one !== 'every command' && !known.has(one))).toEqual([]);
    // Of these there are tests of their own above.
    const onDisk = ['event', 'job'];
    const schemas = new Set<string>([...onDisk, ...jsonCases.map(({ schema }) => schema)]);
    expect(outputNames.filter((name) => !schemas.has(name))).toEqual([]);
  });
});
