import type { FaultAction } from './fault-plan.test.helper.js';
import type { FaultOutcome } from './fault-run.test.helper.js';

/** What all runs of a suite came to. */
export interface FaultTotals {
  readonly runs: number;
  readonly injected: number;
  readonly broken: number;
  readonly leaked: number;
  readonly lostBytes: number;
  /** Faults that happened, by point and action. */
  readonly table: Readonly<Record<string, Partial<Record<FaultAction, number>>>>;
}

export function totalsOf(outcomes: readonly FaultOutcome[]): FaultTotals {
  const sum = (of: (outcome: FaultOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const table: Record<string, Partial<Record<FaultAction, number>>> = {};
  for (const { fired, plan } of outcomes) {
    if (!fired || plan.fault === null) continue;
    const { point, action } = plan.fault;
    const row = (table[point] ??= {});
    row[action] = (row[action] ?? 0) + 1;
  }
  return {
    runs: outcomes.length,
    injected: sum(({ fired }) => (fired ? 1 : 0)),
    broken: sum(({ broken }) => broken.length),
    leaked: sum(({ leaked }) => leaked),
    lostBytes: sum(({ lostBytes }) => lostBytes),
    table,
  };
}

/** The report of a suite, for people. */
export function reportText(totals: FaultTotals): string {
  const rows = Object.entries(totals.table).map(([point, row]) => {
    const counts = (['kill', 'error', 'delay'] as const).map((one) => String(row[one] ?? 0));
    return `${point.padEnd(24)} ${counts.map((count) => count.padStart(5)).join(' ')}`;
  });
  return [
    `${'fault point'.padEnd(24)}  kill error delay`,
    ...rows.sort(),
    `faults injected: ${totals.injected}, runs: ${totals.runs}, promises broken: ${totals.broken}, instances leaked: ${totals.leaked}, bytes of log lost: ${totals.lostBytes}`,
  ].join('\n');
}
