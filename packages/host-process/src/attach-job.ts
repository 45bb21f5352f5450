import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endMarkedProcesses } from '@pikaci/host';
import {
  failure,
  guestResultCodec,
  type GuestResult,
  type JobExecution,
  type JobOutcome,
} from '@pikaci/model';
import { declaredAmong, keptFiles } from './artifacts/kept-artifacts.js';
import { payloadRecords } from './placed-mounts.js';
import { prepareTree } from './prepare-tree.js';
import { processMarks } from './process-marks.js';
import { serviceTree } from './services/service-run.js';
import { removeTreeDirectories } from './working-tree/remove-tree-directories.js';
import { refuseWhileOpen } from './shell/shell-place.js';

/**
 * What became of an attempt that another process of pikaci began. A job ends with the process that runs it, so there is
 * nothing to wait for; but one that had ended by itself, and whose files were kept, has left its result: that is the
 * last thing that is written. What is left of any other attempt is removed.
 *
 * @returns null when the job has to be run again
 */
export async function attachJob(execution: JobExecution): Promise<JobOutcome | null> {
  const { artifactsDir, jobDir } = execution.job.hostContext;
  // Running the job again says why it cannot be gone on with.
  if (!(await refuseWhileOpen(jobDir, execution.job.id)).ok) return null;
  const ended = await endMarkedProcesses(processMarks(execution));
  // Also takes the working tree away, if one is left.
  const tree = await prepareTree(execution);
  if (!tree.ok) return null;
  for (const { name } of execution.job.services) {
    const removed = await removeTreeDirectories(serviceTree(tree.value, name));
    if (!removed.ok) return null;
  }
  if (ended.length > 0) return null;
  const result = await readResult(join(artifactsDir, 'result.json'));
  if (result === null || result.exitCode === null) return null;
  const passed = result.status === 'completed';
  // A command that passed, and of which this machine could not keep the output: no verdict on the job.
  if (!passed && result.exitCode === 0) return null;
  const kept = await keptFiles(artifactsDir);
  return {
    verdict: passed ? 'passed' : 'failed',
    exitCode: result.exitCode,
    message: result.message,
    failure: passed ? null : failure('job', result.message),
    execution: null,
    payloads: payloadRecords(execution.payloads, tree.value.mounts),
    artifacts: kept.paths,
    reports: declaredAmong(kept.paths, execution.job.reports.junit),
    notes: [
      'the job had ended, but its record was not written: the result is the one it left',
      ...kept.notes,
    ],
    released: Promise.resolve(),
  };
}

/** Null when there is none that can be read. The artifacts directory is that of the current attempt alone. */
async function readResult(file: string): Promise<GuestResult | null> {
  try {
    const decoded = guestResultCodec.decode(JSON.parse(await readFile(file, 'utf8')), file);
    return decoded.ok ? decoded.value : null;
  } catch {
    return null;
  }
}
