import { mkdir, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemFailure } from '@pikaci/host';
import { fail, ok, type HostContext, type JobExecution, type Outcome } from '@pikaci/model';
import { canonicalSources, jobMounts, type JobMount } from '@pikaci/paths';
import { placeMounts } from './placed-mounts.js';
import { removeTreeDirectories } from './working-tree/remove-tree-directories.js';
import { treeDirectories } from './working-tree/tree-directories.js';
import type { TreeRequest } from './working-tree/working-tree.js';

/** What of a job decides on its working tree. */
type TreeOf = Pick<JobExecution, 'job' | 'payloads'>;

/** Makes a job's directories and says what its working tree is to be. */
export async function prepareTree(execution: TreeOf): Promise<Outcome<TreeRequest>> {
  const { id, hostContext } = execution.job;
  const declared = jobMounts(id, execution.payloads, modesOf(hostContext));
  if (!declared.ok) return declared;
  const mounts = await canonicalSources(declared.value, canonicalPath);
  if (!mounts.ok) return mounts;
  try {
    await mkdir(hostContext.artifactsDir, { recursive: true });
    await mkdir(dirname(hostContext.guestLogPath), { recursive: true });
    await mkdir(hostContext.jobDir, { recursive: true });
    const request = await treeRequest(hostContext, mounts.value);
    // Left there by an earlier attempt that was killed.
    const cleared = await removeTreeDirectories(request);
    return cleared.ok ? ok(request) : cleared;
  } catch (error) {
    return systemFailure('The directories of the job could not be prepared', error);
  }
}

/** A process has its payloads where the store has them, not where they are staged. */
function modesOf(context: HostContext) {
  return context.stagedPayloadMounts.map(({ devicePrefix, mode }) => ({ devicePrefix, mode }));
}

async function canonicalPath(path: string): Promise<Outcome<string>> {
  try {
    return ok(await realpath(path));
  } catch (error) {
    return fail('infrastructure', `The mount source ${path} cannot be found`, {
      reason: String(error),
      hint: 'It went away during the run: run again, and keep the state root untouched meanwhile.',
    });
  }
}

/** With canonical paths: that is how the kernel names mounts, and what a job hears that asks where it is. */
async function treeRequest(
  context: HostContext,
  mounts: readonly JobMount[],
): Promise<TreeRequest> {
  const jobDir = await realpath(context.jobDir);
  const directories = treeDirectories(jobDir);
  return {
    ...directories,
    snapshotDir: await realpath(context.workspaceSnapshotDir),
    mode: context.workspaceMode,
    mounts: placeMounts(mounts, directories.workspaceDir),
  };
}
