import { describeFailure, reservedArtifactNames } from '@pikaci/model';
import { reportLimits } from '@pikaci/paths';
import { collectArtifacts } from './artifacts/collect-artifacts.js';
import { keptFiles } from './artifacts/kept-artifacts.js';
import type { ReadyJob } from './ready-job.js';
import type { RanCommand } from './run-job-command.js';
import { removeTreeDirectories } from './working-tree/remove-tree-directories.js';

/** What was kept of a job, and what the reader should know. */
export interface JobFiles {
  /** Relative to the artifacts directory. */
  readonly artifacts: readonly string[];
  /** Those of them that are test reports. */
  readonly reports: readonly string[];
  readonly notes: readonly string[];
  /** Why the disk could not keep what it declared; null when it could. */
  readonly problem: string | null;
}

/** Of a job of which nothing is kept. */
export const noFiles: JobFiles = { artifacts: [], reports: [], notes: [], problem: null };

/**
 * Keeps what a job declared, beside what it put into PIKACI_ARTIFACTS itself, then takes its working tree away.
 */
export async function keepJobFiles(job: ReadyJob, ran: RanCommand): Promise<JobFiles> {
  const own = await keptFiles(job.execution.job.hostContext.artifactsDir);
  const files = await collect(job, ran);
  await ran.finished?.release();
  const removed = await removeTreeDirectories(job.request);
  const notes = removed.ok ? [] : [describeFailure(removed.error)];
  return {
    artifacts: [...new Set([...own.paths, ...files.artifacts])].sort(),
    reports: files.reports,
    notes: [...own.notes, ...files.notes, ...notes],
    problem: files.problem,
  };
}

/** Nothing of a job that somebody did not want to the end. */
function isCancelled({ verdict }: RanCommand): boolean {
  return verdict.failure?.kind === 'cancelled';
}

function areArtifactsWanted({ execution }: ReadyJob, { verdict }: RanCommand): boolean {
  const end = verdict.failure === null ? 'success' : 'failure';
  return ['always', end].includes(execution.job.artifactsWhen);
}

async function collect(job: ReadyJob, ran: RanCommand): Promise<JobFiles> {
  const { artifacts, artifactsLimitBytes, reports, hostContext: context } = job.execution.job;
  const declared = areArtifactsWanted(job, ran) ? artifacts : [];
  if (ran.finished === null || isCancelled(ran) || declared.length + reports.junit.length === 0) {
    return noFiles;
  }
  const { treeDir } = ran.finished;
  if (treeDir === null) {
    const notes = ['no artifacts: the working tree cannot be looked at'];
    return { ...noFiles, notes };
  }
  job.execution.observer.onPhase('collect_artifacts');
  const places = {
    treeDir,
    mountPaths: job.request.mounts.flatMap(({ mount }) => mount.workspacePath ?? []),
    artifactsDir: context.artifactsDir,
    reservedNames: reservedArtifactNames,
  };
  const found = await collectArtifacts({
    ...places,
    declared: reports.junit,
    what: 'report',
    limits: reportLimits,
    kept: [],
  });
  const all = await collectArtifacts({
    ...places,
    declared,
    what: 'artifact',
    limits: { total: artifactsLimitBytes, of: 'artifacts' },
    kept: found.paths,
  });
  const notes = [...found.notes, ...all.notes];
  const problem = found.problem ?? all.problem;
  return { artifacts: all.paths, reports: found.paths, notes, problem };
}
