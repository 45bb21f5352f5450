import { ok, type PrepareRuntimeNode } from '@pikaci/model';
import { jobLayout } from '@pikaci/paths';
import type { PlannedRun } from '../active-run.js';
import type { NodeResult } from '../scheduler.js';
import { timedPrepare } from './timed-prepare.js';
import { usedRuntime } from './used-runtime.js';

/** Asks a runtime whether it can take a job, before anything is run for it. */
export function prepareRuntime(run: PlannedRun, node: PrepareRuntimeNode): Promise<NodeResult> {
  const { layout, runId } = run.request;
  const { signal } = run.control;
  const logs = [jobLayout(layout, node.jobId).hostLog];
  return timedPrepare(run, node, logs, async () => {
    const runtime = usedRuntime(run, node.runtime, node.id);
    if (!runtime.ok) return runtime;
    const prepared = await runtime.value.prepare({ runId, jobId: node.jobId, signal });
    return prepared.ok ? ok({ reused: null }) : prepared;
  });
}
