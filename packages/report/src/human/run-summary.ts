import { describeFailure, type JobRecord, type RunRecord } from '@pikaci/model';
import { neutraliseText } from '../output/neutralise.js';
import { durationBetween, formatDuration } from '../text/duration.js';
import { firstLine } from '../text/first-line.js';
import type { Style } from '../text/style.js';
import { failureDetailLines } from '../views/failure-view.js';
import { verdictOf } from './verdict.js';

/** The last lines of a run: how it ended, what failed and why, where the record is. */
export function runSummaryLines(
  run: RunRecord,
  options: { readonly style: Style; readonly recordPath: string | null },
): string[] {
  const { style, recordPath } = options;
  const verdict = verdictOf(run, style);
  const durationMs = durationBetween(run.createdAt, run.finishedAt);
  const time = durationMs === null ? '' : ` in ${formatDuration(durationMs)}`;
  const counts = countsByVerdict(run.jobs, style);
  return [
    '',
    `${style.bold(`run ${run.runId}`)} ${verdict.paint(verdict.word)}${time}${counts === '' ? '' : `: ${counts}`}`,
    ...runFailureLines(run),
    ...run.jobs
      .filter((job) => job.status === 'failed')
      .flatMap((job) => failedJobLines(run, job, style)),
    ...(recordPath === null ? [] : [`  record: ${recordPath}`]),
    ...againLines(run),
  ];
}

/** How to run again what failed. A run that was cancelled is better gone on with, and one without jobs has to be mended. */
function againLines({ jobs, failureKind, status }: RunRecord): string[] {
  const isWorthIt = status === 'failed' && failureKind !== 'cancelled';
  return isWorthIt && jobs.some((job) => job.status === 'failed')
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
    `  ${verdict.paint(`${verdict.symbol} ${job.id} ${verdict.word}`)}: ${firstLine(message)}`,
    ...details.map((line) => `  ${line}`),
    ...(hint === null ? [] : [`    next:  ${neutraliseText(hint)}`]),
    `    logs:  npx pikaci logs ${run.runId} --job ${job.id}`,
  ];
}

/** Why the run itself failed, when no job says it already, and what else its record has to say. */
export function runFailureLines(run: RunRecord): string[] {
  const { failure } = run;
  const known =
    failure === null || run.jobs.some((job) => job.failure?.message === failure.message)
      ? []
      : [`  ${neutraliseText(failure.message)}`, ...failureDetailLines(failure)];
  const more = messageBesideFailure(run);
  return [...known, ...(more === '' ? [] : [`  ${neutraliseText(more)}`])];
}

/** What the message holds beyond the failure: the engine appends what was left behind. */
function messageBesideFailure({ message, failure }: RunRecord): string {
  if (message === null || failure === null) return message ?? '';
  const described = describeFailure(failure);
  return message.startsWith(described)
    ? message.slice(described.length).replace(/^; /u, '')
    : message;
}
