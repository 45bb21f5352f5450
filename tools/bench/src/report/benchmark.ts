import type { BenchPlace } from '../machine/bench-place.js';
import type { Rounds } from './rounds.js';

/** Units in which something is measured. */
export type Unit = 'ms' | 'MB' | 'MB/s' | 'calls' | '%' | '/s' | 'B';

/** Everything that was measured of one thing. */
export interface Measured {
  readonly what: string;
  readonly unit: Unit;
  readonly samples: readonly number[];
  /** What its ratio is taken to; without it, no ratio is shown. */
  readonly baseline?: string | undefined;
}

/** A figure with what it should be. */
export interface Aimed {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ratio' | Unit;
  readonly bound: 'at most' | 'at least';
  readonly aim: number;
}

/** What a benchmark found out. */
export interface BenchmarkResult {
  readonly measured: readonly Measured[];
  readonly aimed: readonly Aimed[];
  /** What a reader must know: what was left out, or done in another way. */
  readonly notes: readonly string[];
}

/** What a benchmark gets. */
export interface BenchmarkContext {
  /** Where it may write. */
  readonly place: BenchPlace;
  /** How often to measure: what is usual, less with `--quick`. */
  readonly rounds: (usual: number) => Rounds;
  /** Tells what is going on. */
  readonly progress: (text: string) => void;
}

/** Something that is measured side by side with what it is compared to. */
export interface Benchmark {
  readonly name: string;
  /** What exactly is measured, in a sentence or two. */
  readonly measures: string;
  run(context: BenchmarkContext): Promise<BenchmarkResult>;
}
