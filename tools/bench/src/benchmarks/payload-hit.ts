import { createSnapshotStore } from '@pikaci/snapshot';
import type { BenchPayload } from '../children/payload-request.js';
import { runChild } from '../children/child.js';
import type { PayloadAnswer, PayloadQuestion } from '../children/payload-child.js';
import type { BenchPlace } from '../machine/bench-place.js';
import { valueOf } from '../machine/value-of.js';
import type { Benchmark, Measured } from '../report/benchmark.js';
import { roundNumbers, type Rounds } from '../report/rounds.js';
import { median } from '../report/statistics.js';

const asked = [
  ['command', 2_000],
  ['command', 20_000],
  ['command', 100_000],
  ['immutable', 2_000],
  ['immutable', 20_000],
  ['immutable', 100_000],
  ['directory', 20_000],
] as const;
const aimMs = 5;
/** What may be more for a tree fifty times as large: noise, and the reading of one longer list. */
const aimCallGrowth = 1.1;

/** A payload that is in the store is found without a look at its inputs. */
export const payloadHit: Benchmark = {
  name: 'payload-hit',
  measures:
    'A payload is prepared that the store has already, when the identity of the snapshot is known: the first call in a fresh process, a second one, and the calls of node:fs in a third. "command" has all files of the snapshot as inputs, "directory" copies a directory that may change, "immutable" one that may not.',
  run: async ({ place, rounds, progress }) => {
    const questions: [string, PayloadQuestion][] = [];
    for (const [payload, entries] of asked) {
      progress(`${payload} of ${entries} files: into the store`);
      questions.push([`${payload}, ${entries} files`, await question(place, payload, entries)]);
    }
    const answers = await askInTurn(questions, rounds(15), progress);
    const measured = [...answers].flatMap(([what, given]) => rowsOf(what, given));
    const first = (what: string) => median((answers.get(what) ?? []).map((one) => one.firstMs));
    const calls = (what: string) =>
      median((answers.get(what) ?? []).map((one) => one.fileSystemCalls));
    return {
      measured,
      aimed: [
        ...(['command', 'immutable'] as const).map((payload) => ({
          name: `payload-hit, ${payload}, 20000 files`,
          value: first(`${payload}, 20000 files`),
          unit: 'ms' as const,
          bound: 'at most' as const,
          aim: aimMs,
        })),
        ...(['command', 'immutable'] as const).map((payload) => ({
          name: `payload-hit, ${payload}, file-system calls, 100000 files to 2000`,
          value: calls(`${payload}, 100000 files`) / calls(`${payload}, 2000 files`),
          unit: 'ratio' as const,
          bound: 'at most' as const,
          aim: aimCallGrowth,
        })),
      ],
      notes: [],
    };
  },
};

/** A snapshot in a state root of its own, and the payload of it in the store. */
async function question(
  place: BenchPlace,
  payload: BenchPayload,
  entries: number,
): Promise<PayloadQuestion> {
  const tree = place.tree(entries);
  const stateRoot = place.freshDirectory('state');
  // Directory payloads have the tree itself as their source.
  const snapshot =
    payload === 'command'
      ? valueOf(await createSnapshotStore({ stateRoot }).take(tree.dir))
      : { dir: tree.dir, hash: '0'.repeat(64), sourceRoot: tree.dir };
  const { dir, hash, sourceRoot } = snapshot;
  const answered = { payload, snapshot: { dir, hash, sourceRoot }, stateRoot };
  await runChild<PayloadAnswer>('payload-child', answered);
  return answered;
}

async function askInTurn(
  questions: readonly (readonly [string, PayloadQuestion])[],
  rounds: Rounds,
  progress: (text: string) => void,
): Promise<ReadonlyMap<string, readonly PayloadAnswer[]>> {
  const answers = new Map<string, PayloadAnswer[]>(questions.map(([what]) => [what, []]));
  for (const round of roundNumbers(rounds)) {
    progress(`finding them again, round ${round + 1}`);
    for (const [what, asked] of questions) {
      const given = await runChild<PayloadAnswer>('payload-child', asked);
      if (!given.reused) throw new Error(`${what}: was not found in the store`);
      answers.get(what)?.push(given);
    }
  }
  return answers;
}

function rowsOf(what: string, answers: readonly PayloadAnswer[]): Measured[] {
  return [
    { what: `${what}: first call`, unit: 'ms', samples: answers.map((one) => one.firstMs) },
    { what: `${what}: second call`, unit: 'ms', samples: answers.map((one) => one.secondMs) },
    { what: `${what}: node:fs`, unit: 'calls', samples: answers.map((one) => one.fileSystemCalls) },
  ];
}
