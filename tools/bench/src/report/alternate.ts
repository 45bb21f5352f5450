import { roundNumbers, type Rounds } from './rounds.js';

/** One of those that are compared. Each step is done once a round; only `measure` counts. */
export interface Contestant {
  readonly what: string;
  /** Makes things ready; not measured. */
  readonly before?: () => Promise<void> | void;
  readonly measure: () => Promise<unknown>;
  /** Tidies up; not measured. */
  readonly after?: () => Promise<void> | void;
}

/**
 * Measures contestants in turn, round by round, so that whatever else the machine does hits all alike; another one
 * begins each round. A first round that is not counted fills caches.
 *
 * @returns milliseconds of each round, by `what`
 */
export async function alternate(
  contestants: readonly Contestant[],
  rounds: Rounds,
  options: { readonly warmUp?: boolean } = {},
): Promise<ReadonlyMap<string, readonly number[]>> {
  const samples = new Map<string, number[]>(contestants.map(({ what }) => [what, []]));
  if (options.warmUp !== false) for (const contestant of contestants) await timed(contestant);
  for (const round of roundNumbers(rounds)) {
    for (const contestant of turned(contestants, round)) {
      samples.get(contestant.what)?.push(await timed(contestant));
    }
  }
  return samples;
}

async function timed({ before, measure, after }: Contestant): Promise<number> {
  await before?.();
  const startedMs = performance.now();
  await measure();
  const tookMs = performance.now() - startedMs;
  await after?.();
  return tookMs;
}

function turned<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
