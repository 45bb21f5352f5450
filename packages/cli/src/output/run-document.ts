import { identifierPattern, type RunRecord } from '@pikaci/model';
import { jobLayout, runLayout } from '@pikaci/paths';
import type { LogTail, RunDocument } from '@pikaci/report';
import { readLogTail } from './log-tail.js';

/** A run's record with the end of the log of each of its jobs. */
export async function readRunDocument(stateRoot: string, record: RunRecord): Promise<RunDocument> {
  const layout = runLayout(stateRoot, record.runId);
  const logTails = new Map<string, LogTail>();
  for (const { id } of record.jobs) {
    // An id leads to a path, and a record may have been tampered with.
    if (!identifierPattern.test(id)) continue;
    logTails.set(id, await readLogTail(jobLayout(layout, id).guestLog));
  }
  return { record, logTails };
}
