import { createSnapshotStore } from '@pikaci/snapshot';
import { removeDirectory, runProgram } from '../machine/run-program.js';
import { valueOf } from '../machine/value-of.js';
import { alternate, type Contestant } from '../report/alternate.js';
import type { Benchmark } from '../report/benchmark.js';
import { aimedRatio, measuredRows } from './rows.js';

const entries = 20_000;

/** The first snapshot costs little more than git needs to write the same files. */
export const snapshotFirst: Benchmark = {
  name: 'snapshot-first',
  measures: `A clean work tree of ${entries} files becomes the first snapshot of an empty state root, against "git checkout-index --all" into an empty directory.`,
  run: async ({ place, rounds, progress }) => {
    const { dir } = await place.repository(entries);
    const into = (what: string, write: (target: string) => Promise<unknown>): Contestant => {
      let target = '';
      return {
        what,
        before: () => {
          target = place.freshDirectory('first');
        },
        measure: () => write(target),
        after: () => removeDirectory(target),
      };
    };
    progress('first snapshots');
    const samples = await alternate(
      [
        into('git checkout-index', (target) =>
          runProgram('git', ['checkout-index', '--all', `--prefix=${target}/`], { cwd: dir }),
        ),
        into('take', async (stateRoot) =>
          valueOf(await createSnapshotStore({ stateRoot }).take(dir)),
        ),
      ],
      rounds(9),
    );
    const measured = measuredRows(samples, 'git checkout-index');
    return {
      measured,
      aimed: [aimedRatio('snapshot-first', measured, 'take', 1.2)],
      notes: [],
    };
  },
};
