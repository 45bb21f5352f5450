import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent, RunRecord, RunWriter } from '@pikaci/model';
import { jobRecordOf, ManualClock, runRecordOf } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunStore } from './run-store.js';
import { systemReplaceOperations } from './replace-file.js';

const running = runRecordOf([], { status: 'running', finishedAt: null });
const started = (sequence: number): RunEvent => ({
  event: 'run_started',
  runId: running.runId,
  createdAt: running.createdAt,
  rerunOf: null,
  targetId: null,
  targetDescription: null,
  sequence,
  time: running.createdAt,
});

describe('createRunStore', () => {
  let dir: string;
  let stateRoot: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'pikaci-store-'));
    stateRoot = join(dir, 'state');
  });
  afterEach(() => rm(dir, { recursive: true }));

  const runDir = () => join(stateRoot, 'runs', running.runId);
  const create = async (record: RunRecord = running): Promise<RunWriter> => {
    const created = await createRunStore({ stateRoot }).create(record);
    if (!created.ok) throw new Error(created.error.message);
    return created.value;
  };

  it('makes the run directory with a first record that others can read at once', async () => {
    const writer = await create();
    expect((await readdir(runDir())).sort()).toEqual(['jobs', 'run.json']);
    const read = await createRunStore({ stateRoot }).read(running.runId);
    expect(read).toMatchObject({
      ok: true,
      value: { status: 'running', owner: { pid: process.pid } },
    });
    await writer.close();
  });

  it('writes two spaces of indentation and leaves no temporary file behind', async () => {
    const writer = await create();
    await writer.writeRun({ ...running, status: 'passed' });
    await writer.close();
    const text = await readFile(join(runDir(), 'run.json'), 'utf8');
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
    expect(text).toContain('  "status": "passed"');
    expect((await readdir(runDir())).sort()).toEqual(['jobs', 'run.json']);
  });

  it('refuses a run id that exists and leaves its records alone', async () => {
    await (await create({ ...running, status: 'passed' })).close();
    const again = await createRunStore({ stateRoot }).create(running);
    expect(again).toMatchObject({
      ok: false,
      error: { kind: 'infrastructure', message: `There is a run \`${running.runId}\` already` },
    });
    expect(await createRunStore({ stateRoot }).read('latest')).toMatchObject({
      value: { status: 'passed' },
    });
  });

  it('says which state root cannot be written, why, and how to choose another', async () => {
    await writeFile(stateRoot, 'a file in the way');
    expect(await createRunStore({ stateRoot }).create(running)).toMatchObject({
      ok: false,
      error: {
        kind: 'infrastructure',
        message: `The state root ${stateRoot} cannot be written`,
        location: { file: stateRoot },
        reason: expect.stringMatching(/^(ENOTDIR|EEXIST)/) as string,
        hint: expect.stringContaining('--state-root') as string,
      },
    });
  });

  it('leaves no directory behind when the first record cannot be written', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
    const store = createRunStore({
      stateRoot,
      replaceOperations: { ...systemReplaceOperations, writeAndSync: () => Promise.reject(full) },
    });
    expect(await store.create(running)).toMatchObject({ ok: false });
    expect(await readdir(join(stateRoot, 'runs'))).toEqual([]);
  });

  it('makes a job with empty logs, and keeps its record and what is logged', async () => {
    const writer = await create();
    expect(await writer.createJob('unit')).toMatchObject({ ok: true });
    const jobDir = join(runDir(), 'jobs', 'unit');
    expect(await readFile(join(jobDir, 'artifacts', 'guest.log'), 'utf8')).toBe('');
    writer.appendLog(join(jobDir, 'host.log'), Buffer.from('one\n'));
    writer.appendLog(join(jobDir, 'host.log'), Buffer.from('two\n'));
    await writer.writeJob(jobRecordOf('unit'));
    expect(await writer.close()).toMatchObject({ ok: true });
    expect(await readFile(join(jobDir, 'host.log'), 'utf8')).toBe('one\ntwo\n');
    expect(JSON.parse(await readFile(join(jobDir, 'status.json'), 'utf8'))).toMatchObject({
      id: 'unit',
      status: 'passed',
    });
  });

  it('does not write a log outside the run, and says so at the end', async () => {
    const writer = await create();
    const outside = join(dir, 'host.log');
    writer.appendLog(outside, Buffer.from('x'));
    expect(await writer.close()).toMatchObject({ ok: false, error: { kind: 'internal' } });
    expect(await readdir(dir)).toEqual(['state']);
  });

  it('reads the events back in order and drops a torn last line', async () => {
    const writer = await create();
    await Promise.all([1, 2, 3].map((sequence) => writer.appendEvent(started(sequence))));
    await writer.close();
    const file = join(runDir(), 'events.jsonl');
    const text = await readFile(file, 'utf8');
    expect(text.split('\n')).toHaveLength(4);
    await writeFile(file, text.slice(0, -10));
    const events = await createRunStore({ stateRoot }).readEvents(running.runId);
    expect(events.ok && events.value.map((event) => event.sequence)).toEqual([1, 2]);
  });

  it('points at a damaged line in the middle of the events', async () => {
    await (await create()).close();
    await writeFile(join(runDir(), 'events.jsonl'), '{"event":\n{}\n');
    expect(await createRunStore({ stateRoot }).readEvents(running.runId)).toMatchObject({
      ok: false,
      error: { location: { file: join(runDir(), 'events.jsonl'), line: 1 } },
    });
  });

  it('refreshes the heartbeat without bringing an older record back', async () => {
    const clock = new ManualClock('2026-03-07T00:00:01Z');
    let beat: () => void = () => undefined;
    let stopped = false;
    const store = createRunStore({
      stateRoot,
      clock,
      repeat: (callback) => {
        beat = callback;
        return () => (stopped = true);
      },
    });
    const created = await store.create(running);
    if (!created.ok) throw new Error(created.error.message);
    const { value: writer } = created;
    clock.advance(10_000);
    const newer = writer.writeRun({ ...running, message: 'newer' });
    beat();
    await newer;
    expect(await store.read('latest')).toMatchObject({
      value: { message: 'newer', owner: { heartbeatAt: '2026-03-07T00:00:11.000+00:00' } },
    });
    await writer.writeRun({ ...running, status: 'passed' });
    clock.advance(10_000);
    beat();
    expect(stopped).toBe(false);
    await writer.close();
    expect(stopped).toBe(true);
    expect(await store.read('latest')).toMatchObject({
      value: { status: 'passed', owner: { heartbeatAt: '2026-03-07T00:00:11.000+00:00' } },
    });
  });

  it('lists the newest run first, with a damaged record in its place', async () => {
    const record = (runId: string, createdAt: string) => ({ ...running, runId, createdAt });
    await (
      await create(record('20260307T000001Z-ffffffff', '2026-03-07T00:00:01.1+00:00'))
    ).close();
    await (
      await create(record('20260307T000001Z-00000000', '2026-03-07T00:00:01.9+00:00'))
    ).close();
    await (await create(record('20260309T000001Z-00000000', '2026-03-09T00:00:01+00:00'))).close();
    const damaged = join(stateRoot, 'runs', '20260308T000001Z-00000000');
    await mkdir(damaged);
    await writeFile(join(damaged, 'run.json'), '{"run_id":');
    await mkdir(join(stateRoot, 'runs', '20260310T000001Z-00000000'));
    const listed = await createRunStore({ stateRoot }).list();
    expect(
      listed.ok && listed.value.map((run) => (run.ok ? run.value.runId : run.error.location?.file)),
    ).toEqual([
      '20260309T000001Z-00000000',
      join(damaged, 'run.json'),
      '20260307T000001Z-00000000',
      '20260307T000001Z-ffffffff',
    ]);
  });

  it('takes as latest the newest of those made in the same second', async () => {
    await (await create({ ...running, runId: '20260307T000001Z-ffffffff' })).close();
    const later = { ...running, createdAt: '2026-03-07T00:00:01.900+00:00' };
    await (await create({ ...later, runId: '20260307T000001Z-00000000' })).close();
    expect(await createRunStore({ stateRoot }).read('latest')).toMatchObject({
      value: { runId: '20260307T000001Z-00000000' },
    });
  });

  it('takes as latest-failed the newest that failed, whatever came later', async () => {
    const store = createRunStore({ stateRoot });
    const failed = { ...running, status: 'failed' as const };
    await (await create({ ...failed, runId: '20260307T000001Z-00000001' })).close();
    await (await create({ ...failed, runId: '20260308T000001Z-00000002' })).close();
    await (await create({ ...running, runId: '20260309T000001Z-00000003' })).close();
    expect(await store.read('latest-failed')).toMatchObject({
      value: { runId: '20260308T000001Z-00000002' },
    });
    expect(await store.read('latest')).toMatchObject({
      value: { runId: '20260309T000001Z-00000003' },
    });
  });

  it('has no latest-failed where no run has failed', async () => {
    await (await create({ ...running, runId: '20260309T000001Z-00000003' })).close();
    expect(await createRunStore({ stateRoot }).read('latest-failed')).toMatchObject({
      ok: false,
      error: { kind: 'selection', message: 'No run has failed' },
    });
  });

  it('has nothing to read, and makes nothing, where nothing was run', async () => {
    const store = createRunStore({ stateRoot });
    expect(await store.list()).toEqual({ ok: true, value: [] });
    expect(await store.read('latest')).toMatchObject({ ok: false, error: { kind: 'selection' } });
    expect(await store.readPlan(running.runId)).toMatchObject({ error: { kind: 'selection' } });
    expect(await store.readPlan('../../etc')).toMatchObject({ error: { kind: 'selection' } });
    expect(await store.readPreparedOutputs(running.runId)).toEqual({ ok: true, value: null });
    expect(await readdir(dir)).toEqual([]);
  });

  it('refuses the record of a newer version', async () => {
    await (await create()).close();
    const file = join(runDir(), 'run.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"schema_version": 1', '"schema_version": 2'));
    expect(await createRunStore({ stateRoot }).read('latest')).toMatchObject({
      error: { message: 'The run record was written by a newer pikaci' },
    });
  });
});
