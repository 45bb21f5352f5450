import {
  usualRetention,
  type RunDecision,
  type RunGarbageReport,
  type RunKeepReason,
} from '@pikaci/model';
import { verdictOf } from '../human/verdict.js';
import { formatBytes } from '../text/bytes.js';
import { oneLine } from '../text/one-line.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { failureDetailLines, formatFailure } from './failure-view.js';
import { counted, timeText } from './payload-text.js';

/** Runs of one reason that are named; of more there is only a number. */
const mostNamed = 3;

const usualDays = usualRetention.youngerThanSeconds / 86_400;

/** Why runs stay, in the order in which that is told. */
const keepTexts: Readonly<Record<RunKeepReason, string>> = {
  pinned: 'pinned (npx pikaci gc --unpin <run> lets one go)',
  running: 'running, or in use by another process',
  leased: 'may have left something (npx pikaci sweep removes it)',
  resumable: 'broken off, and not too old to be gone on with',
  newest: `one of the newest ${usualRetention.newestRuns}`,
  young: `not older than ${usualDays} days`,
  'within limits': 'within the limits',
  'not removable': 'could not be removed',
};

/** The reasons that are few enough to name the runs. */
const namedReasons: readonly string[] = ['pinned', 'running', 'leased', 'resumable'];

/** What a collection of old runs removed, or would remove, what stays, and why; and how much that is. */
export function formatRunGarbage(report: RunGarbageReport, style: Style = plainStyle): string {
  const { dryRun, limits, removed, kept, damaged, failures, leftovers } = report;
  const stay = `${counted(kept.length, 'run')} of ${formatBytes(report.keptBytes)} ${kept.length === 1 ? 'stays' : 'stay'}`;
  return [
    ...(limits === null ? [usualText] : []),
    ...section(dryRun ? 'would remove' : 'removed', alignColumns(removed.map(removedRow)), style),
    ...section('kept', keptLines(kept), style),
    ...damaged.flatMap((failed) => [
      formatFailure(failed, style),
      '  kept:  nothing is known of it',
    ]),
    ...failures.flatMap((failed) => [
      `${style.red('error:')} ${oneLine(failed.message)}`,
      ...failureDetailLines(failed),
    ]),
    ...(leftovers.length === 0
      ? []
      : [
          `${dryRun ? 'would remove' : 'removed'} what is left of ${counted(leftovers.length, 'broken off removal')}`,
        ]),
    `${dryRun ? 'would free' : 'freed'} ${formatBytes(report.freedBytes)}; ${stay}`,
    ...shortfallLines(report),
  ].join('\n');
}

const usualText = `no limits are given (--max-age, --max-runs, --max-size): the newest ${usualRetention.newestRuns} runs and all of the last ${usualDays} days are kept`;

function removedRow(decision: RunDecision): string[] {
  const { runId, targetId, status, sizeBytes, endedAt, removal } = decision;
  const verdict = verdictOf({ status, failureKind: null }, plainStyle);
  return [
    runId,
    verdict.word,
    oneLine(targetId ?? '-'),
    formatBytes(sizeBytes),
    `ended ${timeText(endedAt)}`,
    removal ?? '',
  ];
}

function keptLines(kept: readonly RunDecision[]): string[] {
  return Object.entries(keepTexts).flatMap(([reason, text]) => {
    const runs = kept.filter(({ keep }) => keep === reason);
    if (runs.length === 0) return [];
    const ids = namedReasons.includes(reason) ? `: ${named(runs)}` : '';
    return [`  ${counted(runs.length, 'run')} ${text}${ids}`];
  });
}

function named(runs: readonly RunDecision[]): string {
  const ids = runs.slice(0, mostNamed).map(({ runId }) => runId);
  const more = runs.length - ids.length;
  return `${ids.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** Limits that do not hold although all that may go is gone. */
function shortfallLines({ limits, kept, keptBytes }: RunGarbageReport): string[] {
  if (limits === null) return [];
  const { maxRuns, maxSizeBytes } = limits;
  return [
    ...(maxRuns !== null && kept.length > maxRuns
      ? [`that is more than ${counted(maxRuns, 'run')}, but none of them may go`]
      : []),
    ...(maxSizeBytes !== null && keptBytes > maxSizeBytes
      ? [`that is more than ${formatBytes(maxSizeBytes)}, but none of them may go`]
      : []),
  ];
}

function section(title: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.length === 0 ? [] : [style.bold(title), ...lines, ''];
}
