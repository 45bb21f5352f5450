import type { GarbageDecision, GarbageReport, PayloadLeftovers } from '@pikaci/model';
import { formatBytes } from '../text/bytes.js';
import { oneLine } from '../text/one-line.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { failureDetailLines } from './failure-view.js';
import { counted, shortKey, timeText, usersText } from './payload-text.js';

/** What a collection of garbage removed, or would remove, and why; and how much that is. */
export function formatGarbage(report: GarbageReport, style: Style = plainStyle): string {
  const { removed, kept, damaged, leftovers, dryRun, failures } = report;
  const inUse = kept.filter(({ users, keptForRuns }) => users.length > 0 || keptForRuns.length > 0);
  return [
    ...(hasLimits(report) ? [] : [noLimits]),
    ...section(dryRun ? 'would remove' : 'removed', removed.map(removedRow), style),
    ...section('in use, and kept', inUse.map(keptRow), style),
    ...section(
      'damaged, and left (npx pikaci payload verify --remove removes them)',
      damaged.map(({ contentKey, reason }) => [shortKey(oneLine(contentKey)), oneLine(reason)]),
      style,
    ),
    ...failures.flatMap((failed) => [
      `${style.red('error:')} ${oneLine(failed.message)}`,
      ...failureDetailLines(failed),
    ]),
    leftoversLine(leftovers, dryRun),
    `${dryRun ? 'would free' : 'freed'} ${formatBytes(report.freedBytes)}; ${counted(kept.length, 'payload')} of ${formatBytes(report.keptBytes)} ${kept.length === 1 ? 'stays' : 'stay'}`,
    ...shortfallLines(report),
  ].join('\n');
}

const noLimits =
  'no limits are set (cache.payloads in the configuration, --max-size, --max-age, --min-free): no payload is removed';

function hasLimits({ limits }: GarbageReport): boolean {
  return Object.values(limits).some((limit) => limit !== null);
}

function removedRow(decision: GarbageDecision): string[] {
  return [...nameColumns(decision), decision.removal ?? ''];
}

function keptRow(decision: GarbageDecision): string[] {
  const { users, keptForRuns } = decision;
  const why = [
    ...(users.length === 0 ? [] : [usersText(users)]),
    ...(keptForRuns.length === 0 ? [] : [keptText(keptForRuns)]),
  ];
  return [...nameColumns(decision), why.join('; ')];
}

function keptText(runIds: readonly string[]): string {
  return `mounted in a kept instance of run ${runIds.map(oneLine).join(', ')} (npx pikaci sweep --kept removes it)`;
}

function nameColumns({ payloadId, contentKey, sizeBytes, lastUsedAt }: GarbageDecision): string[] {
  const used = `last used ${timeText(lastUsedAt)}`;
  return [oneLine(payloadId), shortKey(contentKey), formatBytes(sizeBytes), used];
}

function leftoversLine(leftovers: PayloadLeftovers, dryRun: boolean): string {
  const { stagingDirectories, locks, leases } = leftovers;
  const counts: readonly (readonly [number, string])[] = [
    [stagingDirectories.length, 'staging directory'],
    [locks.length, 'lock'],
    [leases.length, 'lease'],
  ];
  const found = counts.flatMap(([count, noun]) => (count === 0 ? [] : [counted(count, noun)]));
  if (found.length === 0) return 'dead processes have left nothing';
  return `${dryRun ? 'would remove' : 'removed'} what dead processes have left: ${found.join(', ')}`;
}

/** Limits that do not hold although all that may go is gone. */
function shortfallLines({ limits, keptBytes, freeBytes, freedBytes }: GarbageReport): string[] {
  const { maxSizeBytes, minFreeBytes } = limits;
  const free = freeBytes + freedBytes;
  return [
    ...(maxSizeBytes !== null && keptBytes > maxSizeBytes
      ? [`that is more than ${formatBytes(maxSizeBytes)}, but what is left is in use`]
      : []),
    ...(minFreeBytes !== null && free < minFreeBytes
      ? [
          `${formatBytes(free)} free is less than ${formatBytes(minFreeBytes)}, with nothing left to remove`,
        ]
      : []),
  ];
}

function section(title: string, rows: readonly string[][], style: Style): readonly string[] {
  return rows.length === 0 ? [] : [style.bold(title), ...alignColumns(rows), ''];
}
