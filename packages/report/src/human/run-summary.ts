import { describeFailure, type Failure, type JobRecord, type RunRecord } from '@pikaci/model';
import { neutraliseText } from '../output/neutralise.js';
import { durationBetween, formatDuration } from '../text/duration.js';
import { failedTestLines } from '../tests/failed-tests.js';
import type { Style } from '../text/style.js';
import { failureDetailLines } from '../views/failure-view.js';
import { whyPhrase } from './event-lines.js';
import type { PayloadHits } from './payload-hits.js';
import { verdictOf } from './verdict.js';

/** The last lines of a run: how it ended, what was reused, what failed and why, where the record is. */
export function runSummaryLines(
  run: RunRecord,
  options: {
    readonly style: Style;
    readonly recordPath: string | null;
    readonly payloads: PayloadHits;
  },
): string[] {
  const { style, recordPath, payloads } = options;
  return [
    '',
    runHeadline(run, style),
    ...payloads.lines(),
    ...runFailureLines(run),
    ...run.jobs
      .filter((job) => job.status === 'failed')
      .flatMap((job) => failedJobLines(run, job, style)),
    ...(recordPath === null ? [] : [`  record: ${recordPath}`]),
    ...againLines(run),
  ];
}

/** How a run ended, in one line: `run … failed in 9.0s: 1 passed, 1 failed`. */
export function runHeadline(run: RunRecord, style: Style): string {
  const verdict = verdictOf(run, style);
  const durationMs = durationBetween(run.createdAt, run.finishedAt);
  const time = durationMs === null ? '' : ` in ${formatDuration(durationMs)}`;
  const counts = countsByVerdict(run.jobs, style);
  return `${style.bold(`run ${run.runId}`)} ${verdict.paint(verdict.word)}${time}${counts === '' ? '' : `: ${counts}`}`;
}

/** How to run again what failed, or to go on with a run that was cancelled. One without jobs has to be mended. */
function againLines({ runId, jobs, failureKind, status, planPath }: RunRecord): string[] {
  if (failureKind === 'cancelled') {
    return planPath === null ? [] : [`  go on:  npx pikaci resume ${runId}`];
  }
  return status === 'failed' && jobs.some((job) => job.status === 'failed')
    ? ['  again:  npx pikaci run --failed']
    : [];
}

/** `2 passed, 1 timed out`: one count for each verdict there is, in the order of the jobs. */
export function countsByVerdict(jobs: readonly JobRecord[], style: Style): string {
  const counts = new Map<string, number>();
  for (const job of jobs) {
    const { word, paint } = verdictOf(job, style);
    const shown = paint(word);
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  const flaky = jobs.filter((job) => job.flaky).length;
  return [
    ...[...counts].map(([word, count]) => `${count} ${word}`),
    ...(flaky === 0 ? [] : [style.yellow(`${flaky} of them flaky`)]),
  ].join(', ');
}

function failedJobLines(run: RunRecord, job: JobRecord, style: Style): string[] {
  const verdict = verdictOf(job, style);
  const message = job.failure?.message ?? job.message ?? 'no reason is recorded';
  const details = job.failure === null ? [] : failureDetailLines({ ...job.failure, hint: null });
  const hint = job.failure?.hint ?? null;
  return [
    `  ${verdict.paint(`${verdict.symbol} ${job.id} ${verdict.word}`)}${whyPhrase(message, verdict)}`,
    ...details.map((line) => `  ${line}`),
    ...failedTestLines(job.testResults, style).map((line) => `    ${line}`),
    ...(hint === null ? [] : [`    next:  ${neutraliseText(hint)}`]),
    `    logs:  npx pikaci logs ${run.runId} --job ${job.id}`,
  ];
}

/** What a run says of its failure. */
export interface FailedRun extends Pick<RunRecord, 'failure' | 'message'> {
  readonly jobs: readonly Pick<JobRecord, 'failure'>[];
}

/** The failure of the run itself; null when there is none, or a job has it already. */
export function ownFailure({ failure, jobs }: Omit<FailedRun, 'message'>): Failure | null {
  const isTold = jobs.some((job) => job.failure?.message === failure?.message);
  return isTold ? null : failure;
}

/** Why the run itself failed, when no job says it already, and what else its record has to say. */
export function runFailureLines(run: FailedRun): string[] {
  const failure = ownFailure(run);
  const known =
    failure === null
      ? []
      : [`  ${neutraliseText(failure.message)}`, ...failureDetailLines(failure)];
  const more = messageBesideFailure(run);
  return [...known, ...(more === '' ? [] : [`  ${neutraliseText(more)}`])];
}

/** What the message holds beyond the failure: the engine appends what was left behind. */
function messageBesideFailure({ message, failure }: FailedRun): string {
  if (message === null || failure === null) return message ?? '';
  const described = describeFailure(failure);
  return message.startsWith(described)
    ? message.slice(described.length).replace(/^; /u, '')
    : message;
}
