import { createSnapshotStore } from '@pikaci/snapshot';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { planTree, treeShape } from '../tree/tree-plan.js';
import { runProgram } from '../machine/run-program.js';
import { valueOf } from '../machine/value-of.js';
import { alternate } from '../report/alternate.js';
import type {
  Benchmark,
  BenchmarkContext,
  BenchmarkResult,
  Measured,
} from '../report/benchmark.js';
import { aimedRatio, measuredRows } from './rows.js';

const entries = 20_000;
/** How many files a dirty work tree has changed, and as many new ones. */
const dirtyFiles = 20;
const youngMs = 3000;

/** An unchanged workspace is recognised about as fast as git says that nothing changed. */
export const snapshotUnchanged: Benchmark = {
  name: 'snapshot-unchanged',
  measures: `The snapshot of a work tree of ${entries} files that is in the store, against "git status --porcelain" started by the same process: a clean tree, then one with ${dirtyFiles} changed and ${dirtyFiles} new files.`,
  run: async (context) => {
    const clean = await compare(context, 'clean', false);
    const dirty = await compare(context, 'dirty', true);
    return {
      measured: [...clean, ...dirty],
      aimed: [clean, dirty].flatMap((rows, index) => {
        const state = index === 0 ? 'clean' : 'dirty';
        return ['identify', 'take'].map((call) =>
          aimedRatio(`snapshot-unchanged, ${state}, ${call}`, rows, `${state}: ${call}`, 1.3),
        );
      }),
      notes: [],
    } satisfies BenchmarkResult;
  },
};

async function compare(
  { place, rounds, progress }: BenchmarkContext,
  state: string,
  dirty: boolean,
): Promise<Measured[]> {
  progress(`${state} tree`);
  const { dir } = await place.repository(entries);
  if (dirty) await makeDirty(dir);
  const store = createSnapshotStore({ stateRoot: place.freshDirectory('state') });
  valueOf(await store.take(dir));
  const samples = await alternate(
    [
      {
        what: `${state}: git status`,
        measure: () => runProgram('git', ['status', '--porcelain'], { cwd: dir }),
      },
      { what: `${state}: identify`, measure: async () => valueOf(await store.identify(dir)) },
      {
        what: `${state}: take`,
        measure: async () => {
          if (!valueOf(await store.take(dir)).reused) throw new Error('the tree has changed');
        },
      },
    ],
    rounds(15),
  );
  return measuredRows(samples, `${state}: git status`);
}

async function makeDirty(dir: string): Promise<void> {
  const files = planTree(treeShape(entries)).filter(({ kind }) => kind === 'file');
  for (let number = 0; number < dirtyFiles; number += 1) {
    const file = files[Math.floor((number * files.length) / dirtyFiles)];
    if (file !== undefined) appendFileSync(join(dir, file.path), 'changed\n');
    writeFileSync(join(dir, `new-${number}.txt`), `new ${number}\n`);
  }
  await runProgram('git', ['status', '--porcelain'], { cwd: dir });
  // A file that changed within two seconds may change again without another time: nobody trusts what is known of it.
  await setTimeout(youngMs);
}
