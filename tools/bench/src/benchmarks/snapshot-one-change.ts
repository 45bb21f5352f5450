import { createSnapshotStore } from '@pikaci/snapshot';
import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeDirectory, runProgram } from '../machine/run-program.js';
import { valueOf } from '../machine/value-of.js';
import { alternate } from '../report/alternate.js';
import type { Benchmark, Measured } from '../report/benchmark.js';
import { aimedRatio, measuredRows } from './rows.js';

const entries = 20_000;

/** After a change of one file, a snapshot costs what the change does, not what the tree does. */
export const snapshotOneChange: Benchmark = {
  name: 'snapshot-one-change',
  measures: `One file of a work tree of ${entries} is changed before each call: the identity alone, and identity and a new snapshot in a store that holds the one before and its spare tree, against "git status --porcelain". The spare is made beside the jobs of a run; here, between two snapshots.`,
  run: async ({ place, rounds, progress }) => {
    const { dir, deepFile } = await place.repository(entries);
    const store = createSnapshotStore({
      stateRoot: place.freshDirectory('state'),
      makesSpares: true,
    });
    const changeOne = () => appendFileSync(join(dir, deepFile), 'changed\n');
    progress('the first snapshot');
    let earlier = valueOf(await store.take(dir)).dir;
    await store.close();
    let latest = earlier;
    const sparesMs: number[] = [];
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
          after: async () => {
            const startedMs = performance.now();
            await store.close();
            sparesMs.push(performance.now() - startedMs);
            // The store keeps the latest one only, or it would fill the memory.
            await removeDirectory(dirname(earlier));
          },
        },
      ],
      rounds(15),
    );
    const measured: Measured[] = [
      ...measuredRows(samples, 'git status'),
      { what: 'afterwards: the spare tree, in haste', unit: 'ms', samples: sparesMs },
    ];
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
