import { describeFailure, reservedArtifactNames } from '@pikaci/model';
import { collectArtifacts } from './artifacts/collect-artifacts.js';
import type { ReadyJob } from './ready-job.js';
import type { RanCommand } from './run-job-command.js';
import { removeTreeDirectories } from './working-tree/remove-tree-directories.js';

/** What was kept of a job's working tree, and what the reader should know. */
export interface JobFiles {
  /** Relative to the artifacts directory. */
  readonly artifacts: readonly string[];
  readonly notes: readonly string[];
}

/** Keeps what a job declared, then takes its working tree away. Nothing here changes the verdict. */
export async function keepJobFiles(job: ReadyJob, ran: RanCommand): Promise<JobFiles> {
  const files = await collect(job, ran);
  await ran.finished?.release();
  const removed = await removeTreeDirectories(job.request);
  const notes = removed.ok ? [] : [describeFailure(removed.error)];
  return { ...files, notes: [...files.notes, ...notes] };
}

function areWanted({ execution }: ReadyJob, { verdict }: RanCommand): boolean {
  if (verdict.failure?.kind === 'cancelled') return false;
  const end = verdict.failure === null ? 'success' : 'failure';
  return ['always', end].includes(execution.job.artifactsWhen);
}

async function collect(job: ReadyJob, ran: RanCommand): Promise<JobFiles> {
  const { artifacts: declared, artifactsLimitBytes, hostContext: context } = job.execution.job;
  if (ran.finished === null || !areWanted(job, ran) || declared.length === 0) {
    return { artifacts: [], notes: [] };
  }
  const { treeDir } = ran.finished;
  if (treeDir === null) {
    return { artifacts: [], notes: ['no artifacts: the working tree cannot be looked at'] };
  }
  job.execution.observer.onPhase('collect_artifacts');
  const { paths, notes } = await collectArtifacts({
    declared,
    limitBytes: artifactsLimitBytes,
    treeDir,
    mountPaths: job.request.mounts.flatMap(({ mount }) => mount.workspacePath ?? []),
    artifactsDir: context.artifactsDir,
    reservedNames: reservedArtifactNames,
  });
  return { artifacts: paths, notes };
}
