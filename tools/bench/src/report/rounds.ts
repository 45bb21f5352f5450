/** How often something is measured. */
export interface Rounds {
  readonly most: number;
  /** Once this many are done, no new round begins when the time is up. */
  readonly least: number;
  readonly budgetMs: number;
}

/** Rounds as benchmarks want them; a quick run does a third, in a third of the time. */
export function planRounds(most: number, quick: boolean): Rounds {
  const part = (value: number) => Math.ceil(quick ? value / 3 : value);
  return { most: part(most), least: part(Math.min(most, 5)), budgetMs: part(60_000) };
}

/** The numbers of the rounds, from 0, for as long as there is time. */
export function* roundNumbers(rounds: Rounds): Generator<number> {
  const startedMs = performance.now();
  for (let round = 0; round < rounds.most; round += 1) {
    if (round >= rounds.least && performance.now() - startedMs > rounds.budgetMs) return;
    yield round;
  }
}
