import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  runRequestRecordSchema,
  type JobRecord,
  type Outcome,
  type RunEvent,
  type RunRecord,
  type RunRequestRecord,
  type RunWriter,
} from '@pikaci/model';
import { attemptLayout, jobLayout, runLayout } from '@pikaci/paths';
import { jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentOwner } from './owner.js';
import { createRunStore, type RunStoreOptions } from './run-store.js';

const running = runRecordOf([], { status: 'running', finishedAt: null });
const { runId } = running;

let stateRoot: string;
beforeEach(() => {
  stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-store-'));
});
afterEach(() => rmSync(stateRoot, { recursive: true }));

const valueOf = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
};

/** A store whose timers are called by hand. */
function drivenStore(options: Partial<RunStoreOptions> = {}) {
  const timers: (() => void)[] = [];
  const store = createRunStore({
    stateRoot,
    repeat: (callback) => {
      timers.push(callback);
      return () => undefined;
    },
    ...options,
  });
  return { store, tick: () => timers.forEach((call) => call()) };
}

const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;
const event = (sequence: number): RunEvent => ({
  event: 'cancel_requested',
  runId,
  jobId: null,
  now: false,
  reason: 'a test',
  sequence,
  time: running.createdAt,
});
const requestOf = (second: number): RunRequestRecord =>
  runRequestRecordSchema.parse({
    request: 'cancel',
    by: `caller ${second}`,
    requestedAt: `2026-03-07T00:00:0${second}.000+00:00`,
  });

describe('adopt', () => {
  const layout = () => runLayout(stateRoot, runId);

  /** A run whose process is gone, without having said how it ended. */
  async function abandon(
    record: RunRecord = running,
    before: (writer: RunWriter) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    const { store } = drivenStore({ owner: { ...currentOwner(), pid: deadPid() } });
    const writer = valueOf(await store.create(record));
    for (const name of ['ended', 'again', 'unknown']) await writer.createJob(name);
    await before(writer);
    await writer.appendEvent(event(1));
    await writer.close();
  }

  it('takes a run over whose process is gone, once', async () => {
    await abandon();
    const { store } = drivenStore();
    const adopted = valueOf(await store.adopt(runId));
    expect(adopted).toMatchObject({ record: { runId, status: 'running' }, events: [event(1)] });
    expect(valueOf(await store.adopt(runId))).toBeNull();
    await adopted?.writer.writeRun(running);
    await adopted?.writer.close();
    expect(valueOf(await store.read(runId)).owner?.pid).toBe(process.pid);
    expect(readdirSync(layout().runDir).sort()).toEqual(['events.jsonl', 'jobs', 'run.json']);
  });

  it('believes the record of a job that says more than that of the run', async () => {
    const started = { status: 'running', finishedAt: null } as const;
    const jobs = [jobRecordOf('ended', started), jobRecordOf('again', started)];
    await abandon({ ...running, jobs }, async (writer) => {
      await writer.writeJob(jobRecordOf('ended'));
      await writer.writeJob(jobRecordOf('again', { ...started, attempt: 2 }));
      await writer.writeJob(jobRecordOf('unknown', started));
    });
    const adopted = valueOf(await drivenStore().store.adopt(runId));
    expect(adopted?.record.jobs.map(({ id, status, attempt }) => [id, status, attempt])).toEqual([
      ['ended', 'passed', 1],
      ['again', 'running', 2],
      ['unknown', 'running', 1],
    ]);
    await adopted?.writer.close();
  });

  it('leaves a run alone whose process lives, and takes one that has ended', async () => {
    const { store } = drivenStore();
    const writer = valueOf(await store.create(running));
    expect(valueOf(await store.adopt(runId))).toBeNull();
    await writer.writeRun({ ...running, status: 'failed' });
    await writer.close();
    const adopted = valueOf(await store.adopt(runId));
    expect(adopted?.record.status).toBe('failed');
    await adopted?.writer.close();
  });

  it('cuts off a last event that a crash tore, and goes on behind the ones before', async () => {
    await abandon();
    appendFileSync(layout().eventsFile, '{"event":"run_fin');
    const { store } = drivenStore();
    const adopted = valueOf(await store.adopt(runId));
    await adopted?.writer.appendEvent(event(2));
    await adopted?.writer.close();
    expect(valueOf(await store.readEvents(runId))).toEqual([event(1), event(2)]);
    expect(readFileSync(layout().eventsFile, 'utf8').split('\n')).toHaveLength(3);
  });

  it('removes what the process that is gone has written half', async () => {
    await abandon();
    writeFileSync(join(layout().runDir, '.run.json.0123456789ab.tmp'), '{');
    const { store } = drivenStore();
    await valueOf(await store.adopt(runId))?.writer.close();
    expect(readdirSync(layout().runDir).sort()).toEqual(['events.jsonl', 'jobs', 'run.json']);
  });

  it('takes the newer one of the two records of a job, and writes it where it is missing', async () => {
    const job = (id: string, changes: Partial<JobRecord>) =>
      jobRecordOf(id, { status: 'running', finishedAt: null, ...changes });
    const ended = { status: 'passed', finishedAt: running.createdAt } as const;
    const inRun = [
      job('ended-alone', {}),
      job('ended-in-run', ended),
      job('second-attempt', { attempt: 2 }),
      job('unwritten', ended),
    ];
    await abandon({ ...running, jobs: inRun });
    const { store: other } = drivenStore({ owner: { ...currentOwner(), pid: deadPid() } });
    const writer = valueOf(await other.adopt(runId))?.writer;
    await writer?.writeJob(job('ended-alone', ended));
    await writer?.writeJob(job('ended-in-run', {}));
    await writer?.writeJob(job('second-attempt', ended));
    await writer?.close();
    rmSync(jobLayout(layout(), 'unwritten').statusFile);

    const adopted = valueOf(await drivenStore().store.adopt(runId));
    expect(adopted?.record.jobs.map(({ id, status, attempt }) => [id, status, attempt])).toEqual([
      ['ended-alone', 'passed', 1],
      ['ended-in-run', 'passed', 1],
      ['second-attempt', 'running', 2],
      ['unwritten', 'passed', 1],
    ]);
    await adopted?.writer.close();
    for (const { id, status } of adopted?.record.jobs ?? []) {
      const { statusFile } = jobLayout(layout(), id);
      expect(JSON.parse(readFileSync(statusFile, 'utf8'))).toMatchObject({ id, status });
    }
  });

  it('says that there is no such run', async () => {
    expect(await drivenStore().store.adopt(runId)).toMatchObject({
      ok: false,
      error: { kind: 'selection', message: `There is no run \`${runId}\`` },
    });
  });
});

describe('requests', () => {
  async function heard(writer: RunWriter, tick: () => void, count: number) {
    const requests: RunRequestRecord[] = [];
    await new Promise<void>((resolve) => {
      writer.onRequest((request) => {
        requests.push(request);
        if (requests.length === count) resolve();
      });
      tick();
    });
    return requests;
  }

  it('reach the process that owns the run, in the order of their times, and are gone then', async () => {
    const { store, tick } = drivenStore();
    const writer = valueOf(await store.create(running));
    valueOf(await store.request(runId, requestOf(2)));
    valueOf(await store.request(runId, requestOf(1)));
    const requests = await heard(writer, tick, 2);
    expect(requests).toEqual([requestOf(1), requestOf(2)]);
    expect(readdirSync(runLayout(stateRoot, runId).requestsDir)).toEqual([]);
    await writer.close();
  });

  it('that are damaged are taken away, and keep no other from being heard', async () => {
    const { store, tick } = drivenStore();
    const writer = valueOf(await store.create(running));
    valueOf(await store.request(runId, requestOf(3)));
    writeFileSync(join(runLayout(stateRoot, runId).requestsDir, '0-damaged.json'), '{"request":');
    expect(await heard(writer, tick, 1)).toEqual([requestOf(3)]);
    expect(readdirSync(runLayout(stateRoot, runId).requestsDir)).toEqual([]);
    await writer.close();
  });
});

describe('setAttemptAside', () => {
  it('keeps log, record and artifacts of the attempt, and gives the next one empty ones', async () => {
    const { store } = drivenStore();
    const writer = valueOf(await store.create(running));
    const job = jobLayout(runLayout(stateRoot, runId), 'unit');
    valueOf(await writer.createJob('unit'));
    writer.appendLog(job.hostLog, Buffer.from('first\n'));
    writeFileSync(job.guestLog, 'output of the first');
    await writer.writeJob(jobRecordOf('unit', { status: 'failed' }));
    valueOf(await writer.setAttemptAside('unit', 1));
    writer.appendLog(job.hostLog, Buffer.from('second\n'));
    await writer.close();
    const aside = attemptLayout(job, 1);
    expect(readFileSync(aside.hostLog, 'utf8')).toBe('first\n');
    expect(readFileSync(aside.guestLog, 'utf8')).toBe('output of the first');
    expect(JSON.parse(readFileSync(aside.statusFile, 'utf8'))).toMatchObject({ status: 'failed' });
    expect(readFileSync(job.hostLog, 'utf8')).toBe('second\n');
    expect(readFileSync(job.guestLog, 'utf8')).toBe('');
    expect(readdirSync(job.jobDir).sort()).toEqual(['artifacts', 'attempts', 'host.log']);
  });
});
