import { executeRun, recordSkippedRun } from '@pikaci/engine';
import { makeRunId } from '@pikaci/model';
import { carryOut, type CarryOutOptions, type RunToCarryOut } from './carry-out.js';
import { printChangeFilter } from './output/change-filter.js';
import type { PlannedRun } from './planned-run.js';
import { recoverAndTell } from './recovery/recover-and-tell.js';
import type { Session } from './session.js';

/** Bytes of chance in a run id. */
const runIdBytes = 4;

/** Carries a new run out, after what killed processes left behind. Returns the exit code. */
export async function startRun(
  session: Session,
  planned: PlannedRun,
  options: CarryOutOptions,
  repeated: Pick<RunToCarryOut, 'repeats'> = {},
): Promise<number> {
  printChangeFilter(session, planned.filter);
  await recoverAndTell(session, planned.workspace.stateRoot);
  const { io } = session;
  const createdAt = io.clock.now();
  const runId = makeRunId(createdAt, io.randomBytes(runIdBytes));
  const { skipMessage } = planned.filter;
  return carryOut(session, {
    planned,
    runId,
    createdAt,
    options,
    ...repeated,
    // A run of which nothing was selected is recorded, too: with what was asked, and why there was nothing to do.
    act: (request, ports) =>
      skipMessage === null
        ? executeRun(request, ports)
        : recordSkippedRun({ ...request, message: skipMessage }, ports),
  });
}
