import { err, ok, type Outcome, type RunRecord } from '@pikaci/model';
import type { ActiveRun } from './active-run.js';
import { announceCancel } from './cancel.js';
import { finishRun } from './finish-run.js';
import { guard } from './guard.js';
import { openRun } from './open-run.js';
import { planRun } from './plan-run.js';
import type { EnginePorts, RunRequest } from './ports.js';
import { schedulePlan } from './schedule-plan.js';

/**
 * Runs what was selected, to its end, and records everything on the way.
 *
 * The result is the final record, also of a failed or cancelled run; it is a failure only when no record could be made.
 */
export async function executeRun(
  request: RunRequest,
  ports: EnginePorts,
): Promise<Outcome<RunRecord>> {
  const opened = await openRun(request, ports);
  if (!opened.ok) return opened;
  const run = opened.value;
  const stopListening = announceCancel(run);
  const carriedOut = await guard('the run', () => carryOut(run));
  stopListening();
  return ok(await finishRun(run, carriedOut.ok ? null : carriedOut.error));
}

async function carryOut(run: ActiveRun): Promise<Outcome<void>> {
  const planned = await planRun(run);
  return planned.ok ? schedulePlan(planned.value) : err(planned.error);
}
