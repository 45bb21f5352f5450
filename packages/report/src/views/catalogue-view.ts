import type { Failure, ListedJob, ListedTarget, RunRecord } from '@pikaci/model';
import { countsByVerdict } from '../human/run-summary.js';
import { verdictOf } from '../human/verdict.js';
import { durationBetween, formatDuration } from '../text/duration.js';
import { oneLine } from '../text/one-line.js';
import { plainStyle, visibleWidth, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { formatFailure } from './failure-view.js';

/** Columns for names of jobs in a table. */
const nameColumns = 24;

/** A run as `list` shows it. */
export interface ListedRun {
  readonly record: RunRecord;
  /** True when the record says `running` but its owner is gone. */
  readonly abandoned: boolean;
}

/** What can be run, and what has been. */
export interface Catalogue {
  readonly targets: readonly ListedTarget[];
  readonly jobs: readonly ListedJob[];
  /** Newest first. */
  readonly runs: readonly ListedRun[];
  /** Records that cannot be read. */
  readonly damaged: readonly Failure[];
}

/** The catalogue as aligned tables. */
export function formatCatalogue(catalogue: Catalogue, style: Style = plainStyle): string {
  const damaged = catalogue.damaged.flatMap((failed) => ['', formatFailure(failed, style)]);
  return [
    style.bold('targets'),
    ...orNone(alignColumns(catalogue.targets.map((target) => targetRow(target)))),
    '',
    style.bold('jobs'),
    ...orNone(alignColumns(catalogue.jobs.map((job) => jobRow(job)))),
    '',
    style.bold('runs, newest first'),
    ...orNone(alignColumns(catalogue.runs.map((run) => runRow(run, style)))),
    ...damaged,
  ].join('\n');
}

function targetRow(target: ListedTarget): string[] {
  const name = target.isDefault ? `${target.id} (default)` : target.id;
  return [name, namesText(target.jobs), described(target.description)];
}

function jobRow(job: ListedJob): string[] {
  const details = [
    ...(job.payloads.length === 0 ? [] : [`payloads ${job.payloads.join(', ')}`]),
    ...(job.needs.length === 0 ? [] : [`needs ${job.needs.join(', ')}`]),
  ];
  return [job.id, job.runtime, details.join('; '), described(job.description)];
}

function runRow({ record, abandoned }: ListedRun, style: Style): string[] {
  const verdict = verdictOf(record, style);
  const durationMs = durationBetween(record.createdAt, record.finishedAt);
  return [
    record.runId,
    abandoned ? style.yellow('abandoned') : verdict.paint(verdict.word),
    durationMs === null ? '' : formatDuration(durationMs),
    record.targetId ?? namesText(record.jobs.map((job) => job.id)),
    countsByVerdict(record.jobs, style),
  ];
}

/** Names, as many as fit into a column; of the others how many there are. */
function namesText(names: readonly string[]): string {
  let text = '';
  for (const [index, name] of names.entries()) {
    const longer = index === 0 ? name : `${text}, ${name}`;
    if (index > 0 && visibleWidth(longer) > nameColumns)
      return `${text} and ${names.length - index} more`;
    text = longer;
  }
  return text;
}

function described(description: string | null): string {
  return description === null ? '' : oneLine(description);
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['  none'] : lines;
}
