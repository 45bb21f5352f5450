import type { Aimed, Measured } from '../report/benchmark.js';
import { ratioOf } from '../report/text-report.js';

/** Rows of milliseconds, all but the baseline with a ratio to it. */
export function measuredRows(
  samples: ReadonlyMap<string, readonly number[]>,
  baseline?: string,
): Measured[] {
  return [...samples].map(([what, values]) => ({
    what,
    unit: 'ms',
    samples: values,
    ...(what === baseline ? {} : { baseline }),
  }));
}

/** The ratio of a row to its baseline, which is to be at most this. */
export function aimedRatio(
  name: string,
  rows: readonly Measured[],
  what: string,
  aim: number,
): Aimed {
  const row = rows.find((candidate) => candidate.what === what);
  const value = row === undefined ? null : ratioOf(row, rows);
  if (value === null) throw new Error(`no row "${what}" with a baseline`);
  return { name, value, unit: 'ratio', bound: 'at most', aim };
}
