import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  describeFailure,
  identifierPattern,
  type SweepReport,
  type SweepRequest,
} from '@pikaci/model';
import { jobLayout, runLayout, runsDirectory } from '@pikaci/paths';
import { removeTreeDirectories } from '../working-tree/remove-tree-directories.js';
import { treeDirectories } from '../working-tree/tree-directories.js';

/** Removes the working trees that jobs of a state root left when pikaci was killed. */
export async function sweepTrees(stateRoot: string, request: SweepRequest): Promise<SweepReport> {
  const removed: string[] = [];
  const problems: string[] = [];
  for (const { runId, jobId, dir } of await jobsWithTrees(stateRoot)) {
    if (request.signal.aborted) break;
    if (!(await request.isAbandoned({ runId, owner: null }))) continue;
    const gone = await removeTreeDirectories(treeDirectories(dir));
    if (gone.ok) removed.push(`the working tree of job ${jobId} (${runId})`);
    else problems.push(describeFailure(gone.error));
  }
  return { removed, problems };
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
      for (const dir of [jobDir, ...services.map((name) => join(servicesDir, name))]) {
        const names = await readdir(dir).catch((): string[] => []);
        const { workspaceDir, layersDir } = treeDirectories(dir);
        const isTree = (name: string) => [workspaceDir, layersDir].includes(join(dir, name));
        if (names.some(isTree)) found.push({ runId, jobId, dir });
      }
    }
  }
  return found;
}

/** None where there is no such directory. Names that are no ids are nothing of ours. */
async function directoriesIn(parent: string): Promise<readonly string[]> {
  const names = await readdir(parent).catch((): string[] => []);
  return names.filter((name) => identifierPattern.test(name)).sort();
}
