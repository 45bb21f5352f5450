import type { Aimed, Benchmark, BenchmarkResult, Measured } from './benchmark.js';
import { median, quantile } from './statistics.js';

/** A benchmark's table, its notes, and one line for each figure that has an aim. */
export function textReport(
  benchmark: Pick<Benchmark, 'name' | 'measures'>,
  result: BenchmarkResult,
): string {
  const header = ['what', 'median', 'quartiles', 'rounds', 'ratio'];
  const rows = result.measured.map((measured) => rowOf(measured, result.measured));
  return [
    `== ${benchmark.name}`,
    benchmark.measures,
    '',
    ...alignColumns([header, ...rows]),
    ...(result.notes.length === 0 ? [] : ['', ...result.notes.map((note) => `note: ${note}`)]),
    '',
    ...result.aimed.map(aimLine),
    '',
  ].join('\n');
}

/** `snapshot-first: ratio 1.10 (aim ≤ 1.2)`, and whether the aim was missed. */
export function aimLine(aimed: Aimed): string {
  const sign = aimed.bound === 'at most' ? '≤' : '≥';
  const unit = aimed.unit === 'ratio' ? '' : ` ${aimed.unit}`;
  const value = `${aimed.unit === 'ratio' ? 'ratio ' : ''}${figure(aimed.value)}${unit}`;
  const missed = meetsAim(aimed) ? '' : ', aim missed';
  return `${aimed.name}: ${value} (aim ${sign} ${aimed.aim}${unit}${missed})`;
}

export function meetsAim({ value, bound, aim }: Aimed): boolean {
  return bound === 'at most' ? value <= aim : value >= aim;
}

/** The ratio of the medians to the baseline's; null without one, NaN when the baseline was lost in noise. */
export function ratioOf(measured: Measured, all: readonly Measured[]): number | null {
  if (measured.baseline === undefined) return null;
  const baseline = all.find(({ what }) => what === measured.baseline);
  if (baseline === undefined) throw new Error(`no row "${measured.baseline}" to compare with`);
  const baselineMedian = median(baseline.samples);
  return baselineMedian > 0 ? median(measured.samples) / baselineMedian : NaN;
}

function rowOf(measured: Measured, all: readonly Measured[]): string[] {
  const { what, unit, samples } = measured;
  const [low, high] = [quantile(samples, 0.25), quantile(samples, 0.75)];
  const ratio = ratioOf(measured, all);
  return [
    what,
    `${figure(median(samples))} ${unit}`,
    `${figure(low)} … ${figure(high)}`,
    String(samples.length),
    ratio === null ? '' : figure(ratio),
  ];
}

/** Three digits, as far as they are behind the point. */
function figure(value: number): string {
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 'not measurable';
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
