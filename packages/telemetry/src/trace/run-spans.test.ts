import {
  failure,
  type PhaseName,
  type RemoteLinuxVmExecution,
  type UnstampedRunEvent,
} from '@pikaci/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  at,
  begins,
  exampleRunId,
  jobRecordOf,
  recordedRun,
  red,
  spansByPath,
  trace,
} from './recorded-run.test.helper.js';
import { runSpans } from './run-spans.js';
import { attemptKey, spanId } from './trace-ids.js';

const runId = exampleRunId;
const unit = jobRecordOf('unit');
const phase = (name: PhaseName): UnstampedRunEvent => ({
  event: 'job_phase',
  runId,
  jobId: 'unit',
  phase: name,
});
const prepares = (nodeId: string): UnstampedRunEvent => ({
  event: 'prepare_started',
  runId,
  nodeId,
  description: '',
});
const prepared = (nodeId: string, durationMs: number): UnstampedRunEvent => ({
  event: 'prepare_finished',
  runId,
  nodeId,
  description: '',
  status: 'passed',
  reused: true,
  buildMs: 500,
  durationMs,
  failure: null,
});

describe('runSpans', () => {
  it('begins with the run, which lasts until its last event', () => {
    const run = recordedRun([], [[11_000, { event: 'run_resumed', runId, keptJobIds: [] }]]);
    const [root, ...others] = runSpans(run, { ...trace, parentSpanId: '00f067aa0ba902b7' });
    expect(others).toEqual([]);
    expect(root).toMatchObject({
      name: 'RUN pre-merge',
      kind: 'server',
      parentSpanId: '00f067aa0ba902b7',
      startMs: Date.parse(at(1000)),
      endMs: Date.parse(at(11_000)),
      error: null,
    });
  });

  it('gives a run without a target no high-cardinality name', () => {
    const run = recordedRun([], [], { targetId: null });
    const [root] = runSpans(run, trace);
    expect(root?.name).toBe('RUN');
    expect(root?.attributes).not.toHaveProperty('cicd.pipeline.name');
  });

  it.each([
    ['job', 'failure'],
    ['payload', 'failure'],
    ['timeout', 'timeout'],
    ['cancelled', 'cancellation'],
    ['infrastructure', 'error'],
    ['snapshot', 'error'],
    ['internal', 'error'],
  ] as const)('tells of a failure of the class %s as %s, with its message', (kind, result) => {
    const failed = failure(kind, 'It did not work', { reason: 'because' });
    const run = recordedRun([], [], { status: 'failed', failureKind: kind, failure: failed });
    const [root] = runSpans(run, trace);
    expect(root).toMatchObject({
      error: 'It did not work: because',
      attributes: {
        'cicd.pipeline.result': result,
        'error.type': kind,
        'pikaci.failure.kind': kind,
      },
    });
  });

  it('has the phases that a record holds, and the operations within them', () => {
    const timing = (startMs: number, endMs: number) => ({
      startedAt: at(startMs),
      finishedAt: at(endMs),
      durationMs: endMs - startMs,
    });
    const execution: RemoteLinuxVmExecution = {
      backend: 'incus',
      incusImage: { project: 'ci', alias: 'debian', fingerprint: 'f00' },
      instance: 'pikaci-x',
      phases: [
        { phase: 'prepare_runtime', ...timing(2000, 3000) },
        { phase: 'launch_guest', ...timing(3000, 4000) },
      ],
      operations: [
        { operation: 'create', startedAt: at(2000), durationMs: 400.5 },
        { operation: 'start', startedAt: at(2401), durationMs: 600.4 },
        { operation: 'across', startedAt: at(2900), durationMs: 500 },
        { operation: 'earlier format', startedAt: null, durationMs: 1 },
      ],
    };
    const job = jobRecordOf('unit', { remoteLinuxVmExecution: execution });
    const spans = spansByPath(recordedRun([job], [[2000, begins(job)]]));
    const attempt = 'RUN pre-merge > execute-unit > attempt 1';
    expect([...spans.keys()].filter((path) => path.startsWith(`${attempt} >`))).toEqual([
      `${attempt} > prepare_runtime`,
      `${attempt} > prepare_runtime > incus create`,
      `${attempt} > prepare_runtime > incus start`,
      `${attempt} > launch_guest`,
      `${attempt} > incus across`,
    ]);
    expect(spans.get(`${attempt} > prepare_runtime > incus create`)).toMatchObject({
      kind: 'client',
      startMs: Date.parse(at(2000)),
      endMs: Date.parse(at(2000)) + 400.5,
      attributes: { 'pikaci.incus.instance': 'pikaci-x' },
    });
  });

  it('takes the phases from events where the record has none, each attempt its own', () => {
    const first = { ...unit, ...red(3), finishedAt: at(3000) };
    const second = jobRecordOf('unit', {
      attempt: 2,
      flaky: true,
      startedAt: at(4000),
      attempts: [{ ...first, message: 'exited with 3' }],
    });
    const run = recordedRun(
      [second],
      [
        [2000, begins(first)],
        [2100, phase('launch_guest')],
        [2500, phase('wait_for_completion')],
        [3000, { event: 'job_attempt_finished', runId, job: first, retryInMs: 1000 }],
        [4000, begins(second)],
        [4100, phase('launch_guest')],
      ],
    );
    const spans = spansByPath(run);
    const times = [...spans].map(([path, { startMs, endMs }]) => [
      path.replace('RUN pre-merge > ', ''),
      startMs - Date.parse(at(0)),
      endMs - Date.parse(at(0)),
    ]);
    expect(times).toEqual([
      ['RUN pre-merge', 1000, 10_000],
      ['execute-unit', 2000, 5200],
      ['execute-unit > attempt 1', 2000, 3000],
      ['execute-unit > attempt 1 > launch_guest', 2100, 2500],
      ['execute-unit > attempt 1 > wait_for_completion', 2500, 3000],
      ['execute-unit > attempt 2', 4000, 5200],
      ['execute-unit > attempt 2 > launch_guest', 4100, 5200],
    ]);
    expect(spans.get('RUN pre-merge > execute-unit')?.attributes).toMatchObject({
      'cicd.pipeline.task.run.result': 'success',
      'pikaci.attempts': 2,
      'pikaci.flaky': true,
    });
    expect(spans.get('RUN pre-merge > execute-unit > attempt 1')).toMatchObject({
      error: 'exited with 3',
      attributes: { 'process.exit.code': 3, 'cicd.pipeline.task.run.result': 'failure' },
    });
  });

  it('tells an attempt whose own record is lost from what the job knows of it', () => {
    const job = jobRecordOf('unit', {
      attempt: 2,
      startedAt: at(4000),
      attempts: [
        {
          ...unit,
          status: 'failed',
          failureKind: 'infrastructure',
          message: 'lost',
          exitCode: null,
        },
      ],
    });
    const spans = spansByPath(recordedRun([job], [[4000, begins(job)]]));
    expect(spans.get('RUN pre-merge > execute-unit > attempt 1')).toMatchObject({
      error: 'lost',
      attributes: { 'cicd.pipeline.task.run.result': 'error', 'error.type': 'infrastructure' },
    });
  });

  it('has no attempt for a job that never began', () => {
    const job = jobRecordOf('unit', {
      status: 'skipped',
      finishedAt: unit.startedAt,
      exitCode: null,
    });
    const spans = spansByPath(recordedRun([job], [[2000, { event: 'job_skipped', runId, job }]]));
    expect([...spans.keys()]).toEqual(['RUN pre-merge', 'RUN pre-merge > execute-unit']);
    expect(spans.get('RUN pre-merge > execute-unit')?.attributes).toMatchObject({
      'cicd.pipeline.task.run.result': 'skip',
      'pikaci.attempts': 0,
    });
  });

  it.each([
    [137, 'SIGKILL'],
    [143, 'SIGTERM'],
    [128, undefined],
    [255, undefined],
    [1, undefined],
  ])('takes exit code %i for the signal %s', (exitCode, signal) => {
    const job = jobRecordOf('unit', red(exitCode));
    const spans = spansByPath(recordedRun([job], [[2000, begins(job)]]));
    const attributes = spans.get('RUN pre-merge > execute-unit > attempt 1')?.attributes ?? {};
    expect(attributes['pikaci.signal']).toBe(signal);
    expect(attributes['process.exit.code']).toBe(exitCode);
  });

  it('says what a payload was, and whether it was there', () => {
    const run = recordedRun(
      [],
      [
        [1100, prepares('prepare-deps')],
        [1400, prepared('prepare-deps', 299)],
      ],
    );
    const node = {
      kind: 'prepare',
      id: 'prepare-deps',
      description: '',
      executor: 'host_local',
      dependsOn: [],
      prepare: {
        type: 'nix_build',
        installable: '',
        outputName: '',
        residency: '',
        handoff: null,
        payload: { id: 'deps', kind: 'command', devicePrefix: 'deps' },
      },
    } as const;
    const plan = { schemaVersion: 1, nodes: [{ ...node, dependsOn: [] }] };
    const spans = spansByPath({ ...run, plan: plan as unknown as NonNullable<typeof run.plan> });
    const span = spans.get('RUN pre-merge > prepare-deps');
    expect(span?.attributes).toMatchObject({
      'pikaci.node.kind': 'prepare-payload',
      'pikaci.payload.id': 'deps',
      'pikaci.payload.kind': 'command',
      'pikaci.payload.result': 'hit',
      'pikaci.payload.build_ms': 500,
    });
    expect((span?.endMs ?? 0) - (span?.startMs ?? 0)).toBe(299);
  });

  it('ends what a killed process had begun with what is last known of it', () => {
    const run = recordedRun(
      [],
      [
        [1100, prepares('prepare-deps')],
        [1900, prepares('prepare-other')],
        [8000, { event: 'run_resumed', runId, keptJobIds: [] }],
        [8100, prepares('prepare-deps')],
        [8200, prepared('prepare-deps', 100)],
      ],
    );
    const spans = runSpans(run, trace).filter(({ name }) => name === 'prepare-deps');
    expect(spans).toMatchObject([
      { endMs: Date.parse(at(1900)), error: 'its process ended before it did' },
      { endMs: Date.parse(at(8200)), error: null },
    ]);
    expect(spans[0]?.spanId).not.toBe(spans[1]?.spanId);
  });

  it('gives an attempt the id that what it runs was told', () => {
    const spans = spansByPath(recordedRun([unit], [[2000, begins(unit)]]));
    expect(spans.get('RUN pre-merge > execute-unit > attempt 1')?.spanId).toBe(
      spanId({ runId, trace }, attemptKey('unit', 1)),
    );
  });

  it('keeps children within their parents, whatever the clock does, and ids apart', () => {
    const moment = fc.integer({ min: -5000, max: 20_000 });
    const job = fc.record({ startedAt: moment.map(at), finishedAt: moment.map(at) });
    fc.assert(
      fc.property(
        fc.array(job, { maxLength: 4 }),
        fc.array(moment, { minLength: 8 }),
        (jobs, times) => {
          const records = jobs.map((own, index) => jobRecordOf(`job-${index}`, own));
          const told = records.map((one, index) => [times[index] ?? 0, begins(one)] as const);
          const others = times.map((ms, index) => [ms, prepares(`prepare-${index % 3}`)] as const);
          const spans = runSpans(recordedRun(records, [...told, ...others]), trace);
          const byId = new Map(spans.map((span) => [span.spanId, span]));
          expect(byId.size).toBe(spans.length);
          for (const { startMs, endMs, parentSpanId } of spans) {
            const parent = byId.get(parentSpanId ?? '') ?? { startMs, endMs };
            expect(startMs).toBeLessThanOrEqual(endMs);
            expect(startMs).toBeGreaterThanOrEqual(parent.startMs);
            expect(endMs).toBeLessThanOrEqual(parent.endMs);
          }
        },
      ),
    );
  });
});
