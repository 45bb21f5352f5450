import { ok, type JobExecution, type Outcome } from '@pikaci/model';
import { resolveEntrypointReferences } from '@pikaci/paths';
import { environmentMounts } from './placed-mounts.js';
import { prepareTree } from './prepare-tree.js';
import { refuseWhileOpen } from './shell/shell-place.js';
import type { TreeRequest } from './working-tree/working-tree.js';

/** A job with everything in its place, about to run. */
export interface ReadyJob {
  readonly execution: JobExecution;
  readonly request: TreeRequest;
  /** The job's command with its references to entry points resolved. */
  readonly command: string;
}

/** Makes a job's directories, and says what its working tree is to be and what runs in it. */
export async function readyJob(execution: JobExecution): Promise<Outcome<ReadyJob>> {
  const { id, hostContext } = execution.job;
  const free = await refuseWhileOpen(hostContext.jobDir, id);
  if (!free.ok) return free;
  const request = await prepareTree(execution);
  if (!request.ok) return request;
  const { job, payloads, observer } = execution;
  const mounts = environmentMounts(request.value.mounts);
  const command = resolveEntrypointReferences(job.command, payloads, mounts);
  if (!command.ok) return command;
  if (command.value !== job.command) observer.onLog(`the command is: ${command.value}`);
  return ok({ execution, request: request.value, command: command.value });
}
