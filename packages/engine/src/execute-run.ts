import { err, ok, type Outcome, type RunRecord, type Snapshot } from '@pikaci/model';
import type { ActiveRun } from './active-run.js';
import { listenForStops } from './control/listen-for-stops.js';
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
  return opened.ok ? ok(await carryOutRun(opened.value, null)) : opened;
}

/**
 * Plans, schedules and ends a run that has been opened. Jobs that its record shows as ended keep their results; those
 * that it shows as running are taken up again.
 *
 * @param snapshot that of a run that has one already
 */
export async function carryOutRun(run: ActiveRun, snapshot: Snapshot | null): Promise<RunRecord> {
  const stopListening = listenForStops(run);
  const carriedOut = await guard('the run', async () => {
    const planned = await planRun(run, snapshot);
    return planned.ok ? schedulePlan(planned.value) : err(planned.error);
  });
  stopListening();
  return finishRun(run, carriedOut.ok ? null : carriedOut.error);
}
