import type { RunRecord } from '@pikaci/model';

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
    ...(hasArtifacts ? [`npx pikaci artifacts ${runId}`] : []),
    ...(isAlive ? [`npx pikaci cancel ${runId}`] : []),
    ...(status === 'failed' ? [`npx pikaci report ${runId} --html report.html`] : []),
  ];
}
