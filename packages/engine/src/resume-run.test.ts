import type { AdoptedRun, JobOutcome, PikaciConfigInput, RunRecord } from '@pikaci/model';
import {
  deferred,
  failedOutcome,
  fakePorts,
  passedOutcome,
  runRequestOf,
  type FakePorts,
  type FakeRuntimeScript,
} from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { closeAbandonedRun, tellUntoldEnd } from './close-abandoned-run.js';
import { layout, quiet } from './driven-run.test.helper.js';
import { executeRun } from './execute-run.js';
import { resumeRun } from './resume-run.js';

const config: Omit<PikaciConfigInput, 'schemaVersion'> = {
  payloads: {
    one: { kind: 'command', run: 'make' },
    two: { kind: 'command', run: 'make' },
  },
  jobs: {
    done: { run: 'x', payloads: ['one'] },
    red: { run: 'x' },
    open: { run: 'x', payloads: ['two'] },
    later: { run: 'x', needs: ['open'] },
    blocked: { run: 'x', needs: ['red'] },
  },
};
const jobIds = Object.keys(config.jobs);

/** Runs until `open` runs and all that can have ended; then the process is gone, as far as the store knows. */
async function abandoned(): Promise<FakePorts> {
  const first = fakePorts({
    process: {
      run: async ({ job }) => {
        if (job.id === 'open') return deferred<JobOutcome>().promise;
        return job.id === 'red' ? failedOutcome('job', 'red') : passedOutcome();
      },
    },
  });
  void executeRun({ ...runRequestOf(config), layout }, first);
  await quiet();
  first.store.runs.get(layout.runId)!.abandoned = true;
  return first;
}

async function adopt(ports: FakePorts): Promise<AdoptedRun> {
  const adopted = await ports.store.adopt(layout.runId);
  if (!adopted.ok || adopted.value === null) throw new Error('not adopted');
  return adopted.value;
}

/** Another process goes on, with the first one's store. */
async function resume(
  first: FakePorts,
  process: FakeRuntimeScript = {},
): Promise<{ record: RunRecord; ports: FakePorts }> {
  const ports = { ...fakePorts({ process }), store: first.store };
  const request = { ...runRequestOf(config), layout };
  const ended = await resumeRun(request, await adopt(first), ports);
  if (!ended.ok) throw new Error(ended.error.message);
  return { record: ended.value, ports };
}

const memory = (ports: FakePorts) => ports.store.runs.get(layout.runId)!;
const sequences = (ports: FakePorts) => memory(ports).events.map(({ sequence }) => sequence);
const summary = (record: RunRecord) =>
  record.jobs.map(({ id, status, attempt, failureKind }) => [id, status, attempt, failureKind]);

/** Each job has one event of its end, and the last record of each is terminal. */
function expectEachEndedOnce(ports: FakePorts): void {
  const { events, jobs } = memory(ports);
  const told = events.flatMap((event) =>
    event.event === 'job_finished' || event.event === 'job_skipped' ? [event.job.id] : [],
  );
  expect(told.sort()).toEqual([...jobIds].sort());
  for (const id of jobIds)
    expect(jobs.findLast((job) => job.id === id)?.status).not.toBe('running');
  expect(sequences(ports)).toEqual(sequences(ports).map((_, index) => index + 1));
}

describe('resumeRun', () => {
  it('runs what waits for any end of a job, although one that it needs has failed before', async () => {
    const jobs = {
      red: { run: 'x' },
      open: { run: 'x' },
      tidy: { run: 'x', needs: ['red', 'open'], when: 'always' as const },
    };
    const cancel = new AbortController();
    const first = fakePorts({
      process: {
        run: async ({ job, signal }) => {
          if (job.id === 'red') return failedOutcome('job', 'red');
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          return failedOutcome('cancelled', 'cancelled');
        },
      },
    });
    const request = (signal: AbortSignal) => ({ ...runRequestOf({ jobs }, { signal }), layout });
    const running = executeRun(request(cancel.signal), first);
    await quiet();
    cancel.abort('enough');
    const ended = await running;
    expect(ended.ok && summary(ended.value).map(([id, status]) => [id, status])).toEqual([
      ['red', 'failed'],
      ['open', 'failed'],
      ['tidy', 'skipped'],
    ]);
    first.store.runs.get(layout.runId)!.abandoned = true;
    const ports = { ...fakePorts(), store: first.store };
    const again = request(new AbortController().signal);
    const resumed = await resumeRun(again, await adopt(first), ports);
    expect(resumed.ok && summary(resumed.value).map(([id, status]) => [id, status])).toEqual([
      ['red', 'failed'],
      ['open', 'passed'],
      ['tidy', 'passed'],
    ]);
  });

  it('keeps results, goes on with what still runs, and runs the rest', async () => {
    const first = await abandoned();
    const { record, ports } = await resume(first, { attach: async () => passedOutcome() });
    expect(summary(record)).toEqual([
      ['done', 'passed', 1, null],
      ['red', 'failed', 1, 'job'],
      ['open', 'passed', 1, null],
      ['later', 'passed', 1, null],
      ['blocked', 'skipped', 1, null],
    ]);
    expect(record).toMatchObject({
      status: 'failed',
      failureKind: 'job',
      snapshotHash: 'a'.repeat(64),
    });
    expect(record.resumedAt).toHaveLength(1);
    expect(ports.process.attached).toMatchObject([{ job: { id: 'open' }, attempt: 1 }]);
    expect(ports.process.executions.map(({ job }) => job.id)).toEqual(['later']);
    expect(ports.payloads.requests.map(({ payloadId }) => payloadId)).toEqual(['two']);
    const outputs = memory(ports)
      .preparedOutputs.at(-1)
      ?.outputs.map(({ payloadId }) => payloadId);
    expect(outputs?.sort()).toEqual(['one', 'two']);
    expect(memory(ports).events).toContainEqual(
      expect.objectContaining({ event: 'run_resumed', keptJobIds: ['done', 'red', 'blocked'] }),
    );
    expectEachEndedOnce(ports);
  });

  it('tries a job anew of which nothing is left, and keeps what there was', async () => {
    const first = await abandoned();
    const { record, ports } = await resume(first);
    expect(record.jobs[2]).toMatchObject({
      id: 'open',
      status: 'passed',
      attempt: 2,
      attempts: [
        {
          attempt: 1,
          status: 'failed',
          failureKind: 'infrastructure',
          message: 'pikaci was ended before the job was done',
        },
      ],
    });
    expect(memory(ports).setAside).toEqual(['open 1']);
    expect(ports.process.executions.map(({ job, attempt }) => [job.id, attempt])).toEqual([
      ['open', 2],
      ['later', 1],
    ]);
    expectEachEndedOnce(ports);
  });

  it('goes on with a run that was closed as abandoned', async () => {
    const first = await abandoned();
    await closeAbandonedRun(await adopt(first), layout, first);
    const { record, ports } = await resume(first, { attach: async () => passedOutcome() });
    expect(summary(record).map(([id, status]) => [id, status])).toEqual([
      ['done', 'passed'],
      ['red', 'failed'],
      ['open', 'passed'],
      ['later', 'passed'],
      ['blocked', 'skipped'],
    ]);
    expect(sequences(ports)).toEqual(sequences(ports).map((_, index) => index + 1));
  });

  it('keeps what an earlier process said of an attempt that had ended', async () => {
    const first = await abandoned();
    const adopted = await adopt(first);
    const cancelled = { status: 'failed', failureKind: 'cancelled', message: 'cancelled' } as const;
    const jobs = adopted.record.jobs.map((job) =>
      job.id === 'open' ? { ...job, ...cancelled, finishedAt: job.startedAt } : job,
    );
    const ports = { ...fakePorts(), store: first.store };
    const record = { ...adopted.record, jobs };
    const ended = await resumeRun(
      { ...runRequestOf(config), layout },
      { ...adopted, record },
      ports,
    );
    expect(ended.ok && ended.value.jobs[2]).toMatchObject({
      status: 'passed',
      attempt: 2,
      attempts: [{ attempt: 1, ...cancelled }],
    });
  });

  it('begins from the beginning when there was no snapshot yet', async () => {
    const first = fakePorts();
    const { runId, createdAt } = runRequestOf(config);
    await executeRun(
      { ...runRequestOf(config, { signal: AbortSignal.abort('x') }), layout },
      first,
    );
    const run = memory(first);
    const bare = { ...run.runs[0]!, runId, createdAt: createdAt.toISOString() };
    run.runs.push({ ...bare, status: 'running', jobs: [] });
    run.abandoned = true;
    const { record } = await resume(first);
    expect(record.status).toBe('passed');
    expect(record.snapshotHash).toBe('a'.repeat(64));
  });
});

describe('closeAbandonedRun', () => {
  it('gives each job its one terminal record, fails the run, and tells of all that', async () => {
    const first = await abandoned();
    const record = await closeAbandonedRun(await adopt(first), layout, first);
    expect(summary(record)).toEqual([
      ['done', 'passed', 1, null],
      ['red', 'failed', 1, 'job'],
      ['open', 'failed', 1, 'infrastructure'],
      ['later', 'skipped', 1, null],
      ['blocked', 'skipped', 1, null],
    ]);
    expect(record).toMatchObject({
      status: 'failed',
      failureKind: 'infrastructure',
      message: 'pikaci was ended before the run was done',
    });
    expect(memory(first).closed).toBe(true);
    expect(memory(first).runs.at(-1)).toEqual(record);
    expectEachEndedOnce(first);
  });

  it('tells of an end whose record is on disk, but not its event', async () => {
    const first = await abandoned();
    const adopted = await adopt(first);
    const { events } = memory(first);
    const lost = events.findIndex((event) => event.event === 'job_finished');
    const before = events.splice(lost);
    expect(before.length).toBeGreaterThan(0);
    await closeAbandonedRun({ ...adopted, events: [...events] }, layout, first);
    expectEachEndedOnce(first);
  });
});

describe('tellUntoldEnd', () => {
  it('tells the end of a run that is on record, and nothing when it was told', async () => {
    const first = await abandoned();
    const record = await closeAbandonedRun(await adopt(first), layout, first);
    const { events } = memory(first);
    const all = [...events];
    for (const known of [all, all.slice(0, -1), all.slice(0, -2)]) {
      events.splice(known.length);
      await tellUntoldEnd({ ...(await adopt(first)), record, events: known }, first);
      const kinds = (list: typeof events) => list.map(({ event }) => event);
      expect(kinds(events)).toEqual(kinds(all));
      expectEachEndedOnce(first);
    }
  });
});
