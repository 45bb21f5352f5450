import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findDeadLocks, releaseDeadLock } from '@pikaci/host';
import {
  describeFailure,
  identifierPattern,
  type Outcome,
  type SweepReport,
  type SweepRequest,
} from '@pikaci/model';
import { runLayout, runsDirectory } from '@pikaci/paths';
import { removeShellFiles, shellLockName, shellOwner, shellPlace } from '../shell/shell-place.js';
import { removeTreeDirectories } from '../working-tree/remove-tree-directories.js';
import { treeDirectories } from '../working-tree/tree-directories.js';

/** Removes the working trees that jobs of a state root left when pikaci was killed. */
export async function sweepTrees(stateRoot: string, request: SweepRequest): Promise<SweepReport> {
  const removed: string[] = [];
  const problems: string[] = [];
  for (const { runId, jobId, jobDir } of await jobsWithTrees(stateRoot)) {
    if (request.signal.aborted) break;
    // The tree of a shell is that of the process which opened it.
    if (!(await request.isAbandoned({ runId, owner: await shellOwner(jobDir) }))) continue;
    const gone = await removeJobFiles(jobDir);
    if (gone.ok) removed.push(`the working tree of job ${jobId} (${runId})`);
    else problems.push(describeFailure(gone.error));
  }
  return { removed, problems };
}

async function removeJobFiles(jobDir: string): Promise<Outcome<void>> {
  const tree = await removeTreeDirectories(treeDirectories(jobDir));
  const shell = await removeShellFiles(jobDir);
  for (const lock of await findDeadLocks(jobDir, shellLockName)) await releaseDeadLock(lock);
  return tree.ok ? shell : tree;
}

interface JobWithTree {
  readonly runId: string;
  readonly jobId: string;
  readonly jobDir: string;
}

async function jobsWithTrees(stateRoot: string): Promise<readonly JobWithTree[]> {
  const found: JobWithTree[] = [];
  for (const runId of await directoriesIn(runsDirectory(stateRoot))) {
    const { jobsDir } = runLayout(stateRoot, runId);
    for (const jobId of await directoriesIn(jobsDir)) {
      const jobDir = join(jobsDir, jobId);
      const names = await readdir(jobDir).catch((): string[] => []);
      const { workspaceDir, layersDir } = treeDirectories(jobDir);
      const { shellDir, lockFile } = shellPlace(jobDir);
      const ours = [workspaceDir, layersDir, shellDir, lockFile];
      const isTree = (name: string) => ours.includes(join(jobDir, name));
      if (names.some(isTree)) found.push({ runId, jobId, jobDir });
    }
  }
  return found;
}

/** None where there is no such directory. Names that are no ids are nothing of ours. */
async function directoriesIn(parent: string): Promise<readonly string[]> {
  const names = await readdir(parent).catch((): string[] => []);
  return names.filter((name) => identifierPattern.test(name)).sort();
}
