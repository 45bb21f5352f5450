import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  logIndexPath,
  LogPieces,
  type JobExecution,
  type ProcessOwner,
  type Remains,
} from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import type { FakeIncus } from '@pikaci/testkit';
import { fakeGuest } from './fixtures/fake-guest.js';
import { useFakeIncus } from './fixtures/on-fake-incus.js';
import { guestFiles } from './guest-files.js';
import { markConfig, markKeys, readMarks } from './marks.js';

const on = useFakeIncus();

const dead: ProcessOwner = { pid: 4_000_000, host: 'here', bootId: 'boot', startTicks: '1' };
const living: ProcessOwner = { ...dead, pid: 4_000_001 };

/** A job whose process was killed: it neither sees the end nor removes the instance. */
async function begin(play: Parameters<typeof fakeGuest>[0]): Promise<JobExecution> {
  const started = { tell: (): void => undefined };
  const isStarted = new Promise<void>((resolve) => (started.tell = resolve));
  on.fake.onExec(
    fakeGuest((command) => {
      started.tell();
      return play(command);
    }),
  );
  const { execution } = await on.bench.execution('x', on.options());
  // Its requests after the start are never answered.
  const killed = on.bench.runtime(
    on.options({ runtime: { processOwner: dead, slackMs: 3_600_000 } }),
  );
  void killed.run(execution);
  await isStarted;
  return execution;
}

/** Puts into an instance what its supervisor leaves of a command that has passed. */
function endedCommand(
  { files }: ReturnType<FakeIncus['addInstance']>,
  stdout: string,
  stderr: string,
): void {
  mkdirSync(files.hostPath(guestFiles.started), { recursive: true });
  mkdirSync(dirname(files.hostPath(guestFiles.stdout)), { recursive: true });
  writeFileSync(files.hostPath(guestFiles.stdout), stdout);
  writeFileSync(files.hostPath(guestFiles.stderr), stderr);
  const digest = (text: string) => createHash('sha256').update(text).digest('hex');
  const lines = [0, stdout.length, stderr.length, digest(stdout), digest(stderr), 'exited'];
  writeFileSync(files.hostPath(guestFiles.ending), `${lines.join('\n')}\n`);
}

const runtimeOf = (processOwner: ProcessOwner) =>
  on.bench.runtime(on.options({ runtime: { processOwner } }));

describe('marks', () => {
  it('of an instance can be read back, and make nothing of one that lacks any of them', () => {
    const marks = {
      runId: 'r',
      stateRoot: '/s',
      purpose: { jobId: 'j', attempt: 2 },
      owner: dead,
    };
    const config = markConfig(marks);
    expect(readMarks(config)).toEqual(marks);
    for (const key of Object.keys(config)) {
      expect(readMarks({ ...config, [key]: '' })).not.toEqual(marks);
      const rest = Object.entries(config).filter(([name]) => name !== key);
      expect(readMarks(Object.fromEntries(rest)), key).toBeNull();
    }
  });
});

describe('attach', () => {
  it('goes on with a command that still runs, and has all of its output', async () => {
    let goOn: () => void = () => undefined;
    const more = new Promise<void>((resolve) => (goOn = resolve));
    const execution = await begin(async ({ print, drop }) => {
      print('stdout', 'before\n');
      drop();
      await more;
      print('stdout', 'after\n');
      return 4;
    });
    const runtime = runtimeOf(living);
    const attached = runtime.attach(execution);
    goOn();
    expect(await attached).toMatchObject({ exitCode: 4, failure: { kind: 'job' } });
    await runtime.close();
    expect(on.fake.instances()).toEqual([]);
  });

  it('keeps the times of what had come before, and knows the streams of all', async () => {
    on.fake.onExec(fakeGuest(() => 0));
    const { execution } = await on.bench.execution('x', on.options());
    const { runId, stateRoot } = on.bench;
    const purpose = { jobId: 'probe', attempt: 1 };
    const marks = markConfig({ runId, stateRoot, purpose, owner: dead });
    const instance = on.fake.addInstance(on.name, marks);
    instance.running = true;
    endedCommand(instance, 'before\n', 'after\n');
    // What the process that was killed has left: it had not heard of standard error yet.
    const { guestLogPath } = execution.job.hostContext;
    const startMs = Date.parse('2026-01-01T00:00:00.000Z');
    mkdirSync(dirname(guestLogPath), { recursive: true });
    writeFileSync(logIndexPath(guestLogPath), `pikaci-log-index 1 1000 ${startMs};\no 7 250;\n`);
    const attachedMs = Date.now();
    const runtime = runtimeOf(living);
    expect(await runtime.attach(execution)).toMatchObject({ verdict: 'passed' });
    await runtime.close();
    const pieces = new LogPieces();
    pieces.push(readFileSync(logIndexPath(guestLogPath), 'latin1'));
    const known = pieces.within(0, 99);
    expect(known.filter(({ stream }) => stream === 'stdout')).toMatchObject([
      { atMs: startMs + 250 },
    ]);
    const [after, ...others] = known.filter(({ stream }) => stream === 'stderr');
    expect(after?.atMs).toBeGreaterThanOrEqual(attachedMs);
    expect([others, pieces.end]).toEqual([[], 13]);
  });

  it('finds nothing where there is no instance, or one of another attempt or state root', async () => {
    const runtime = runtimeOf(living);
    const { execution } = await on.bench.execution('x', on.options());
    expect(await runtime.attach(execution)).toBeNull();
    const purpose = { jobId: 'probe', attempt: 1 };
    const marks = { runId: on.bench.runId, stateRoot: '/other', purpose, owner: dead };
    on.fake.addInstance(on.name, markConfig(marks));
    expect(await runtime.attach(execution)).toBeNull();
    expect(on.fake.instances()).toHaveLength(1);
    await runtime.close();
  });

  it('removes what has stopped, or was not set up to its end', async () => {
    const runtime = runtimeOf(living);
    const { execution } = await on.bench.execution('x', on.options());
    const purpose = { jobId: 'probe', attempt: 1 };
    const { runId, stateRoot } = on.bench;
    const marks = markConfig({ runId, stateRoot, purpose, owner: dead });
    on.fake.addInstance(on.name, marks);
    expect(await runtime.attach(execution)).toBeNull();
    expect(on.fake.instances()).toEqual([]);
    on.fake.addInstance(on.name, marks).running = true;
    expect(await runtime.attach(execution)).toBeNull();
    expect(on.fake.instances()).toEqual([]);
    await runtime.close();
  });

  it('says that the server cannot be reached, and forgets nothing for that', async () => {
    const runtime = runtimeOf(living);
    const { execution } = await on.bench.execution('x', on.options());
    await on.fake.powerOff();
    expect((await runtime.attach(execution))?.failure?.kind).toBe('infrastructure');
    await on.fake.powerOn();
  });
});

describe('sweep', () => {
  const add = (name: string, changes: Record<string, string> = {}) => {
    const purpose = { jobId: name, attempt: 1 };
    const marks = { runId: 'dead-run', stateRoot: on.bench.stateRoot, purpose, owner: dead };
    return on.fake.addInstance(name, { ...markConfig(marks), ...changes });
  };
  const names = () => on.fake.instances().map(({ name }) => name);
  const sweep = async (isAbandoned: (remains: Remains) => Promise<boolean>) => {
    const runtime = runtimeOf({ ...living });
    const { signal } = new AbortController();
    const report = await runtime.sweep({ isAbandoned, signal });
    await runtime.close();
    return report;
  };
  const deadOnes = (remains: Remains) => Promise.resolve(remains.owner?.pid === dead.pid);

  it('removes the instances of runs that nobody goes on with, running or not', async () => {
    add('pikaci-a');
    add('pikaci-b').running = true;
    expect(await sweep(deadOnes)).toEqual({
      removed: ['instance pikaci-a of run dead-run', 'instance pikaci-b of run dead-run'],
      problems: [],
    });
    expect(names()).toEqual([]);
  });

  it('leaves what is not ours, or of somebody else, or still in use', async () => {
    add('live', { [markKeys.owner]: JSON.stringify(living) });
    add('other-state-root', { [markKeys.stateRoot]: `${on.bench.stateRoot}2` });
    add('other-host', {
      [markKeys.host]: 'there',
      [markKeys.owner]: JSON.stringify({ ...dead, host: 'there' }),
    });
    add('other-tool', { [markKeys.owner]: 'somebody' });
    on.fake.addInstance('pikaci-7a83284d99f6', {});
    on.fake.addInstance('partial', { [markKeys.run]: 'dead-run' });
    const before = names();
    expect(await sweep(deadOnes)).toEqual({ removed: [], problems: [] });
    expect(names()).toEqual(before);
  });

  it('leaves what took the place of an instance after the list was made', async () => {
    add('replaced');
    add('changed');
    add('of-another-run');
    let asked = 0;
    const report = await sweep((remains) => {
      asked += 1;
      if (asked === 3) {
        on.fake.removeInstance('replaced');
        add('replaced');
        on.fake.instance('changed').definition.config[markKeys.owner] = JSON.stringify(living);
        on.fake.instance('of-another-run').definition.config[markKeys.run] = 'another-dead-run';
      }
      return deadOnes(remains);
    });
    expect(report).toEqual({ removed: [], problems: [] });
    expect(names().sort()).toEqual(['changed', 'of-another-run', 'replaced']);
  });

  it('asks again right before the removal', async () => {
    add('taken-up');
    let asked = 0;
    const report = await sweep(() => Promise.resolve((asked += 1) === 1));
    expect(asked).toBe(2);
    expect(report.removed).toEqual([]);
    expect(names()).toEqual(['taken-up']);
  });

  it('reports what it could not remove', async () => {
    add('stuck');
    on.fake.faults.fail({ method: 'DELETE' }, 500, 'dataset is busy', 9);
    const { problems } = await sweep(deadOnes);
    expect(problems[0]).toContain('dataset is busy');
  });
});
