import { runFaultPoints } from '@pikaci/model';
import { expect, it } from 'vitest';
import { useFaultBench } from './fault-bench.test.helper.js';
import { startFakeGuests } from './fake-guests.test.helper.js';
import { faultActions } from './fault-plan.test.helper.js';
import { faultRun } from './fault-run.test.helper.js';
import { chosenSeeds, failureText, runSeeds } from './run-seeds.test.helper.js';
import { reportText, totalsOf } from './fault-totals.test.helper.js';

const replay = 'npx vitest run --project integration packages/cli/src/faults/faults.int.test.ts';
const seeds = chosenSeeds(200);

const bench = useFaultBench();

it(
  'keeps its promises whatever happens to it, at any fault point, with jobs of all kinds on both runtimes',
  { timeout: 900_000 },
  async () => {
    const outcomes = await runSeeds(seeds, async (seed, keep) => {
      await using fake = await startFakeGuests();
      const server = { socketPath: fake.socketPath, image: 'tiny', sharesFiles: true };
      return await faultRun(seed, bench(), server, keep);
    });
    const totals = totalsOf(outcomes);
    console.log(reportText(totals));
    expect(failureText(outcomes, replay)).toBe('');
    expect(totals).toMatchObject({ broken: 0, leaked: 0, lostBytes: 0 });
    if (seeds.length === 1) return;
    // A fault that does not happen proves nothing.
    expect(totals.injected).toBeGreaterThanOrEqual(seeds.length * 0.9);
    for (const point of runFaultPoints) {
      for (const action of faultActions) expect(totals.table[point]?.[action]).toBeGreaterThan(0);
    }
  },
);
