import { runFaultPoints } from '@pikaci/model';
import { expect, it } from 'vitest';
import { useFaultBench } from './fault-bench.test.helper.js';
import { faultRun } from './fault-run.test.helper.js';
import { reportText, totalsOf } from './fault-totals.test.helper.js';
import { chosenSeeds, failureText, runSeeds } from './run-seeds.test.helper.js';

const replay = 'npx vitest run --project incus packages/cli/src/faults/faults.incus.test.ts';
// One more than there are fault points: each point once, and the actions in turn.
const seeds = chosenSeeds(30, runFaultPoints.length + 1);
const server = {
  socketPath: process.env['PIKACI_TEST_INCUS_SOCKET'] ?? '',
  image: process.env['PIKACI_TEST_INCUS_IMAGE'] ?? '',
  sharesFiles: false,
  decoys: 2,
};

const bench = useFaultBench();

it(
  'keeps its promises with a real server, whatever happens to it',
  { timeout: 600_000 },
  async () => {
    const outcomes = await runSeeds(seeds, (seed, keep) => faultRun(seed, bench(), server, keep));
    const totals = totalsOf(outcomes);
    console.log(reportText(totals));
    expect(failureText(outcomes, replay)).toBe('');
    expect(totals).toMatchObject({ broken: 0, leaked: 0, lostBytes: 0 });
    expect(totals.injected).toBeGreaterThanOrEqual(seeds.length * 0.9);
  },
);
