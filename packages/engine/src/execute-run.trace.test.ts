import { fakePorts, failedOutcome, passedOutcome, runRequestOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { layout } from './driven-run.test.helper.js';
import { executeRun } from './execute-run.js';
import type { RunTracing } from './ports.js';
import { resumeRun } from './resume-run.js';

const trace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', parentSpanId: null };
const tracing: RunTracing = { trace, traceparentOf: (jobId, attempt) => `${jobId} ${attempt}` };
const request = { ...runRequestOf({ jobs: { unit: { run: 'x', retry: { job: 1 } } } }), layout };

describe('a run that is part of a trace', () => {
  it('records it from the beginning, and tells each attempt its place', async () => {
    const ports = fakePorts({
      process: {
        run: async ({ attempt }) => (attempt === 1 ? failedOutcome() : passedOutcome()),
      },
    });
    const ended = await executeRun({ ...request, tracing }, ports);
    expect(ended).toMatchObject({ ok: true, value: { status: 'passed', trace } });
    expect(ports.process.executions.map(({ traceparent }) => traceparent)).toEqual([
      'unit 1',
      'unit 2',
    ]);
    expect(ports.store.runs.get(layout.runId)?.runs[0]?.trace).toEqual(trace);
  });

  it('stays in it when it is gone on with, also by a process that exports none', async () => {
    const first = fakePorts();
    await executeRun({ ...request, tracing }, first);
    first.store.runs.get(layout.runId)!.abandoned = true;
    const adopted = await first.store.adopt(layout.runId);
    if (!adopted.ok || adopted.value === null) throw new Error('not adopted');
    const resumed = await resumeRun(request, adopted.value, { ...fakePorts(), store: first.store });
    expect(resumed).toMatchObject({ ok: true, value: { trace } });
  });

  it('has neither where none is to be exported', async () => {
    const ports = fakePorts();
    const ended = await executeRun(request, ports);
    expect(ended).toMatchObject({ ok: true, value: { trace: null } });
    expect(ports.process.executions[0]).not.toHaveProperty('traceparent');
  });
});
