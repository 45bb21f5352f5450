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
import { jobLayout, runLayout, runsDirectory } from '@pikaci/paths';
import { removeShellFiles, shellLockName, shellOwner, shellPlace } from '../shell/shell-place.js';
import { removeTreeDirectories } from '../working-tree/remove-tree-directories.js';
import { treeDirectories } from '../working-tree/tree-directories.js';

/** Removes the working trees that jobs of a state root left when pikaci was killed. */
export async function sweepTrees(stateRoot: string, request: SweepRequest): Promise<SweepReport> {
  const removed: string[] = [];
  const problems: string[] = [];
  for (const { runId, jobId, dir } of await jobsWithTrees(stateRoot)) {
    if (request.signal.aborted) break;
    // The tree of a shell is that of the process which opened it.
    if (!(await request.isAbandoned({ runId, owner: await shellOwner(dir) }))) continue;
    const gone = await removeFiles(dir);
    if (gone.ok) removed.push(`the working tree of job ${jobId} (${runId})`);
    else problems.push(describeFailure(gone.error));
  }
  return { removed, problems };
}

async function removeFiles(dir: string): Promise<Outcome<void>> {
  const tree = await removeTreeDirectories(treeDirectories(dir));
  const shell = await removeShellFiles(dir);
  for (const lock of await findDeadLocks(dir, shellLockName)) await releaseDeadLock(lock);
  return tree.ok ? shell : tree;
}

interface JobWithTree {
  readonly runId: string;
  readonly jobId: string;
  /** The job's own directory, or that of one of its services. */
  readonly dir: string;
}

async function jobsWithTrees(stateRoot: string): Promise<readonly JobWithTree[]> {
  const found: JobWithTree[] = [];
  for (const runId of await directoriesIn(runsDirectory(stateRoot))) {
    const { jobsDir } = runLayout(stateRoot, runId);
    for (const jobId of await directoriesIn(jobsDir)) {
      const { servicesDir, jobDir } = jobLayout({ jobsDir }, jobId);
      const services = await directoriesIn(servicesDir);
      const dirs = [jobDir, ...services.map((name) => join(servicesDir, name))];
      for (const dir of dirs) {
        if (await hasTree(dir)) found.push({ runId, jobId, dir });
      }
    }
  }
  return found;
}

/** Whether something lies in the directory of a job, or of a service, that goes with what runs there. */
async function hasTree(dir: string): Promise<boolean> {
  const names = await readdir(dir).catch((): string[] => []);
  const { workspaceDir, layersDir } = treeDirectories(dir);
  const { shellDir, lockFile } = shellPlace(dir);
  const ours = [workspaceDir, layersDir, shellDir, lockFile];
  return names.some((name) => ours.includes(join(dir, name)));
}

/** None where there is no such directory. Names that are no ids are nothing of ours. */
async function directoriesIn(parent: string): Promise<readonly string[]> {
  const names = await readdir(parent).catch((): string[] => []);
  return names.filter((name) => identifierPattern.test(name)).sort();
}
