import type { MachineFacts } from '../machine/machine-facts.js';
import type { Benchmark, BenchmarkResult } from './benchmark.js';
import { median } from './statistics.js';
import { meetsAim, ratioOf } from './text-report.js';

/** All numbers, also the single ones, as one JSON document. */
export function jsonReport(
  machine: MachineFacts,
  results: ReadonlyMap<Pick<Benchmark, 'name' | 'measures'>, BenchmarkResult>,
): string {
  const benchmarks = [...results].map(([{ name, measures }, { measured, aimed, notes }]) => ({
    name,
    measures,
    measured: measured.map((one) => ({
      ...one,
      median: median(one.samples),
      ratio: ratioOf(one, measured),
    })),
    aimed: aimed.map((one) => ({ ...one, met: meetsAim(one) })),
    notes,
  }));
  return `${JSON.stringify({ machine, benchmarks }, null, 2)}\n`;
}
