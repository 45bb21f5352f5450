import type { JobRecord, RunRecord } from '@pikaci/model';

/** What of a run decides on what can be done with it. */
export interface RunSituation {
  readonly record: RunRecord;
  readonly abandoned: boolean;
  /** True when `resume` has something to go on with. */
  readonly canBeResumed: boolean;
}

/** The commands that somebody who looks at a run may want next, the most likely one first. */
export function nextCommands({ record, abandoned, canBeResumed }: RunSituation): string[] {
  const { runId, status } = record;
  const isAlive = status === 'running' && !abandoned;
  const hasFailedJob = record.jobs.some((job) => job.status === 'failed');
  const hasArtifacts = record.jobs.some(({ artifacts }) => artifacts.length > 0);
  return [
    ...(canBeResumed ? [`npx pikaci resume ${runId}`] : []),
    `npx pikaci logs ${runId}${hasFailedJob ? ' --failed' : ''}`,
    ...(status === 'failed' ? [`npx pikaci run --failed ${runId}`] : []),
    ...shellCommands(record),
    ...(hasArtifacts ? [`npx pikaci artifacts ${runId}`] : []),
    ...(isAlive ? [`npx pikaci cancel ${runId}`] : []),
    ...(status === 'failed' ? [`npx pikaci report ${runId} --html report.html`] : []),
  ];
}

/** A shell in the first job that failed by itself; in others there is nothing to be seen of why they failed. */
function shellCommands({ runId, jobs }: RunRecord): readonly string[] {
  const failed = jobs.filter(({ status }) => status === 'failed');
  const own = failed.find(hasFailedByItself);
  if (own === undefined) return [];
  return [`npx pikaci shell ${runId}${failed.length > 1 ? ` --job ${own.id}` : ''}`];
}

function hasFailedByItself({ failureKind }: JobRecord): boolean {
  return failureKind === 'job' || failureKind === 'timeout';
}
