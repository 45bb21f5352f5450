import { createSnapshotStore } from '@pikaci/snapshot';
import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeDirectory, runProgram } from '../machine/run-program.js';
import { valueOf } from '../machine/value-of.js';
import { alternate } from '../report/alternate.js';
import type { Benchmark } from '../report/benchmark.js';
import { aimedRatio, measuredRows } from './rows.js';

const entries = 20_000;

/** After a change of one file, a snapshot costs what the change does, not what the tree does. */
export const snapshotOneChange: Benchmark = {
  name: 'snapshot-one-change',
  measures: `One file of a work tree of ${entries} is changed before each call: the identity alone, and identity and a new snapshot in a store that holds the one before, against "git status --porcelain".`,
  run: async ({ place, rounds, progress }) => {
    const { dir, deepFile } = await place.repository(entries);
    const store = createSnapshotStore({ stateRoot: place.freshDirectory('state') });
    const changeOne = () => appendFileSync(join(dir, deepFile), 'changed\n');
    progress('the first snapshot');
    let earlier = valueOf(await store.take(dir)).dir;
    let latest = earlier;
    progress('one change a round');
    const samples = await alternate(
      [
        {
          what: 'git status',
          before: changeOne,
          measure: () => runProgram('git', ['status', '--porcelain'], { cwd: dir }),
        },
        {
          what: 'identify',
          before: changeOne,
          measure: async () => valueOf(await store.identify(dir)),
        },
        {
          what: 'take: identity and a new snapshot',
          before: changeOne,
          measure: async () => {
            const taken = valueOf(await store.take(dir));
            if (taken.reused) throw new Error('the snapshot was there already');
            [earlier, latest] = [latest, taken.dir];
          },
          // The store keeps the latest one only, or it would fill the memory.
          after: () => removeDirectory(dirname(earlier)),
        },
      ],
      rounds(15),
    );
    const measured = measuredRows(samples, 'git status');
    return {
      measured,
      aimed: [
        aimedRatio('snapshot-one-change, identify', measured, 'identify', 2),
        aimedRatio('snapshot-one-change, take', measured, 'take: identity and a new snapshot', 2),
      ],
      notes: [],
    };
  },
};
