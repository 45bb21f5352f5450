import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { endMarkedProcesses, findMarks } from '@pikaci/host';
import type { ProcessOwner, SweepReport, SweepRequest } from '@pikaci/model';
import { isWithin, jobMarks } from '@pikaci/paths';
import { shellOwner, shellPlace } from '../shell/shell-place.js';

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
    // A shell has its artifacts in a directory of its own, and belongs to the process that opened it.
    const owner = await shellOwnerOf(dir);
    if (!(await request.isAbandoned({ runId, owner }))) continue;
    const ended = await endMarkedProcesses(marks);
    if (ended.length > 0)
      removed.push(`${ended.length} of the processes of job ${jobId} (${runId})`);
  }
  return { removed, problems: [] };
}

async function shellOwnerOf(artifactsDir: string): Promise<ProcessOwner | null> {
  const jobDir = dirname(dirname(artifactsDir));
  return shellPlace(jobDir).artifactsDir === artifactsDir ? shellOwner(jobDir) : null;
}
