import { availableParallelism } from 'node:os';
import type { FaultOutcome } from './fault-run.test.helper.js';

/** Names one seed, to do again what it stands for. Its directory is kept then. */
const seedVariable = 'PIKACI_FAULT_SEED';
/** Names the first of other seeds than those of always. */
const baseVariable = 'PIKACI_FAULT_BASE';

/** Most of a run is waiting for other processes. */
const runsPerProcessor = 2;

/** The seeds to run: so many from 0 on, so far from one another, unless the environment says otherwise. */
export function chosenSeeds(count: number, step = 1): readonly number[] {
  const one = process.env[seedVariable];
  if (one !== undefined) return [Number(one)];
  const base = Number(process.env[baseVariable] ?? 0);
  return Array.from({ length: count }, (_, index) => base + index * step);
}

/** Runs seeds, several at a time. */
export async function runSeeds(
  seeds: readonly number[],
  run: (seed: number, keep: boolean) => Promise<FaultOutcome>,
  atOnce = runsPerProcessor * availableParallelism(),
): Promise<readonly FaultOutcome[]> {
  const left = [...seeds];
  const outcomes: FaultOutcome[] = [];
  const keep = process.env[seedVariable] !== undefined;
  const work = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      outcomes.push(await run(seed, keep));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcomes;
}

/** What is to be read when promises were broken: which, by what, and how to see it again. Empty when all were kept. */
export function failureText(outcomes: readonly FaultOutcome[], replay: string): string {
  return outcomes
    .filter(({ broken }) => broken.length > 0)
    .map(({ plan, broken, told }) => {
      const { seed, fault, followUp, interruptAfter } = plan;
      const what = broken.map((one) => `  ${one.promise}: ${one.what}`);
      const after = `${JSON.stringify(fault)}, then ${followUp}, interrupted after ${interruptAfter ?? 'nothing'}`;
      const again = `${seedVariable}=${seed} ${replay}`;
      return [`seed ${seed}: ${after}`, ...what, `  again: ${again}`, told].join('\n');
    })
    .join('\n');
}
