/** How often something is measured. */
export interface Rounds {
  readonly most: number;
  /** Once this many are done, no new round begins when the time is up. */
  readonly least: number;
  readonly budgetMs: number;
}

/** Rounds as benchmarks want them; a quick run does a third, in a third of the time. */
export function planRounds(most: number, quick: boolean): Rounds {
  if (!quick) return { most, least: Math.min(most, 5), budgetMs: 60_000 };
  const third = Math.ceil(most / 3);
  return { most: third, least: Math.min(third, 3), budgetMs: 20_000 };
}

/** The numbers of the rounds, from 0, for as long as there is time. */
export function* roundNumbers(rounds: Rounds): Generator<number> {
  const startedMs = performance.now();
  for (let round = 0; round < rounds.most; round += 1) {
    if (round >= rounds.least && performance.now() - startedMs > rounds.budgetMs) return;
    yield round;
  }
}
