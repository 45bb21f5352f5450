import { realpath } from 'node:fs/promises';
import { endMarkedProcesses, findMarks } from '@pikaci/host';
import type { SweepReport, SweepRequest } from '@pikaci/model';
import { isWithin, jobMarks } from '@pikaci/paths';

const markNames = Object.keys(jobMarks({ runId: '', jobId: '', artifactsDir: '' }));

/** Ends the processes of jobs of a state root that nobody waits for any more. */
export async function sweepProcesses(
  stateRoot: string,
  request: SweepRequest,
): Promise<SweepReport> {
  const removed: string[] = [];
  const canonical = await realpath(stateRoot).catch(() => stateRoot);
  for (const marks of findMarks(markNames)) {
    const { PIKACI_RUN_ID: runId = '', PIKACI_ARTIFACTS: dir = '', PIKACI_JOB_ID: jobId } = marks;
    const isOurs =
      dir.startsWith('/') && [stateRoot, canonical].some((root) => isWithin(root, dir));
    if (!isOurs || request.signal.aborted) continue;
    if (!(await request.isAbandoned({ runId, owner: null }))) continue;
    const ended = await endMarkedProcesses(marks);
    if (ended.length > 0)
      removed.push(`${ended.length} of the processes of job ${jobId} (${runId})`);
  }
  return { removed, problems: [] };
}
