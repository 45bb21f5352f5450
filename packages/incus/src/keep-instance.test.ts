import type { ShellRequest, SweepRequest } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { fakeGuest } from './fixtures/fake-guest.js';
import type { RunOptions } from './fixtures/incus-job.js';
import { useFakeIncus } from './fixtures/on-fake-incus.js';

const on = useFakeIncus();
const hour = 3600;

/** A clock that is so many hours ahead. */
const hoursAhead = (hours: number) => ({
  now: () => new Date(Date.parse('2026-03-07T12:00:00Z') + hours * hour * 1000),
  monotonicMs: () => performance.now(),
});

function options(hours = 0): RunOptions {
  return on.options({
    runtime: { clock: hoursAhead(hours) },
    execution: { keepSeconds: 2 * hour },
  });
}

async function failedJob() {
  on.fake.onExec(fakeGuest(() => 1));
  const job = await on.run(options());
  expect(job.outcome.verdict).toBe('failed');
  return job.outcome;
}

function sweep(hours: number, request: Partial<SweepRequest> = {}) {
  return on.bench.runtime(options(hours)).sweep({
    isAbandoned: () => Promise.resolve(true),
    signal: new AbortController().signal,
    ...request,
  });
}

const names = () => on.fake.instances().map(({ name }) => name);

describe('the instance of a job that failed', () => {
  it('is kept running when that is wanted, which is said with its end', async () => {
    const outcome = await failedJob();
    expect(outcome.keptUntil).toBe('2026-03-07T14:00:00.000+00:00');
    expect(outcome.notes).toEqual([
      `its instance ${on.name} is kept until 2026-03-07T14:00:00.000+00:00: npx pikaci shell ${on.bench.runId} --job probe; npx pikaci sweep --kept removes it`,
    ]);
    expect(names()).toEqual([on.name]);
    expect(on.fake.instance(on.name).running).toBe(true);
    // What the job held is free for others all the same.
    await outcome.released;
  });

  it('is left alone by a sweep until its time is over, and then removed', async () => {
    await failedJob();
    expect(await sweep(1.9)).toEqual({
      removed: [],
      problems: [],
      kept: [
        {
          runId: on.bench.runId,
          jobId: 'probe',
          what: `instance ${on.name}`,
          until: '2026-03-07T14:00:00.000+00:00',
        },
      ],
    });
    const after = await sweep(2.1);
    expect(after.removed).toEqual([`instance ${on.name} of run ${on.bench.runId}`]);
    expect(names()).toEqual([]);
  });

  it('is told of by a sweep that removes nothing', async () => {
    await failedJob();
    const { kept } = await sweep(0, { isAbandoned: () => Promise.resolve(false) });
    expect(kept).toHaveLength(1);
  });

  it('stays when it is kept for longer while a sweep looks at it', async () => {
    await failedJob();
    const { config } = on.fake.instance(on.name).definition;
    const isAbandoned = () => {
      Object.assign(config, { 'user.pikaci.kept-until': '2026-03-09T00:00:00.000+00:00' });
      return Promise.resolve(true);
    };
    expect(await sweep(2.1, { isAbandoned })).toMatchObject({ removed: [], kept: [{}] });
    expect(names()).toEqual([on.name]);
  });

  it('is removed before that when a sweep is asked to, unless somebody is in it', async () => {
    await failedJob();
    const inUse = { removesKept: true, isAbandoned: () => Promise.resolve(false) };
    expect((await sweep(0, inUse)).removed).toEqual([]);
    expect((await sweep(0, { removesKept: true })).removed).toHaveLength(1);
    expect(names()).toEqual([]);
  });

  it.each<[string, () => number | null, RunOptions]>([
    ['passed', () => 0, {}],
    ['failed, and nothing is to be kept', () => 1, { execution: { keepSeconds: null } }],
    [
      'was lost',
      () => {
        on.fake.stopInstance(on.name);
        return null;
      },
      {},
    ],
  ])('is removed when the job %s', async (_, play, different) => {
    on.fake.onExec(fakeGuest(play));
    const job = await on.run({ ...options(), ...different });
    expect(job.outcome.keptUntil).toBeUndefined();
    expect(names()).toEqual([]);
  });

  it('is removed when the job was cancelled', async () => {
    const cancel = new AbortController();
    on.fake.onExec(
      fakeGuest(async ({ asked }) => {
        cancel.abort();
        await asked;
        return 1;
      }),
    );
    const job = await on.run({ ...options(), signal: cancel.signal });
    expect(job.outcome.failure?.kind).toBe('cancelled');
    expect(names()).toEqual([]);
  });
});

describe('a shell in a kept instance', () => {
  async function open(changes: Partial<ShellRequest> = {}) {
    const notes: string[] = [];
    const { execution } = await on.bench.execution('npm test');
    const runtime = on.bench.runtime({
      ...options(),
      runtime: { processOwner: { pid: 4711, host: 'here', bootId: null } },
    });
    const ended = runtime.openShell({
      ...execution,
      command: ['ls'],
      shell: null,
      directory: null,
      imageFingerprint: null,
      instance: on.name,
      terminal: {
        isTerminal: false,
        size: () => ({ columns: 80, rows: 24 }),
        onResize: () => () => undefined,
        input: (async function* () {})(),
        closeInput: () => undefined,
        write: () => Promise.resolve(),
        passKeys: () => () => undefined,
      },
      onNote: (line) => void notes.push(line),
      onOpen: () => undefined,
      ...changes,
    });
    return { ended, notes, close: () => runtime.close() };
  }

  it('is opened in what the job left, belongs to its process, and leaves it there', async () => {
    await failedJob();
    on.fake.onExec(undefined);
    const { ended, notes, close } = await open();
    const exec = await on.fake.nextExec();
    expect(exec.instance.name).toBe(on.name);
    expect(exec.request.command.at(-1)).toBe('ls');
    const owner = exec.instance.definition.config['user.pikaci.owner'] ?? '';
    expect(JSON.parse(owner)).toMatchObject({ pid: 4711, host: 'here' });
    exec.exit(6);
    expect(await ended).toEqual({ ok: true, value: { exitCode: 6, left: [] } });
    expect(notes.at(-1)).toContain('npx pikaci sweep --kept removes it');
    expect(await close()).toEqual([]);
    expect(names()).toEqual([on.name]);
  });

  it('is opened in a new one when the kept one has stopped, or is that of another job', async () => {
    await failedJob();
    for (const spoil of [
      () => on.fake.stopInstance(on.name),
      () =>
        Object.assign(on.fake.instance(on.name).definition.config, { 'user.pikaci.job-id': 'x' }),
    ]) {
      spoil();
      on.fake.onExec(undefined);
      const { ended, close } = await open();
      const setup = await on.fake.nextExec();
      expect(setup.instance.name).not.toBe(on.name);
      on.fake.onExec(fakeGuest(() => 0));
      setup.exit(0);
      expect(await ended).toMatchObject({ ok: true });
      await close();
      expect(names()).toEqual([on.name]);
    }
  });
});
