import { runChild } from '../children/child.js';
import type { MemoryAnswer, MemoryQuestion } from '../children/memory-child.js';
import { removeDirectory } from '../machine/run-program.js';
import type { Aimed, Benchmark, BenchmarkContext, Measured } from '../report/benchmark.js';
import { roundNumbers } from '../report/rounds.js';
import { median } from '../report/statistics.js';

const sizes = [2_000, 20_000, 100_000];
const aimMegabytes = 150;
/** How much more fifty times as many files may take. */
const aimGrowth = 1.5;

const works = {
  snapshot: 'first snapshot',
  payload: 'directory payload, built and found again',
} as const;
type Work = keyof typeof works;

/** What pikaci's own process needs does not grow with the tree. */
export const memory: Benchmark = {
  name: 'memory',
  measures:
    'The most resident memory of a fresh process that does one thing; of that process alone, without the git processes that it starts.',
  run: async (context) => {
    const idle = await maxMegabytes(context, 'nothing', 0);
    const measured: Measured[] = [
      { what: 'packages loaded, nothing done', unit: 'MB', samples: idle },
    ];
    const aimed: Aimed[] = [];
    for (const work of ['snapshot', 'payload'] as const) {
      const rows = await rowsOf(context, work);
      measured.push(...rows);
      aimed.push(...aimsOf(works[work], rows));
    }
    return { measured, aimed, notes: [] };
  },
};

async function rowsOf(context: BenchmarkContext, work: Work): Promise<Measured[]> {
  const rows: Measured[] = [];
  for (const entries of sizes) {
    const samples = await maxMegabytes(context, work, entries);
    rows.push({
      what: `${works[work]}, ${entries} files`,
      unit: 'MB',
      samples,
      baseline: 'packages loaded, nothing done',
    });
  }
  return rows;
}

async function maxMegabytes(
  { place, rounds, progress }: BenchmarkContext,
  work: Work | 'nothing',
  entries: number,
): Promise<number[]> {
  const samples: number[] = [];
  for (const round of roundNumbers(rounds(3))) {
    progress(`${work}${entries === 0 ? '' : `, ${entries} files`}, round ${round + 1}`);
    const stateRoot = place.freshDirectory('state');
    const question: MemoryQuestion = { work, dir: await sourceOf(place, work, entries), stateRoot };
    const { maxRssBytes } = await runChild<MemoryAnswer>('memory-child', question);
    samples.push(maxRssBytes / 1e6);
    await removeDirectory(stateRoot);
  }
  return samples;
}

async function sourceOf(
  place: BenchmarkContext['place'],
  work: Work | 'nothing',
  entries: number,
): Promise<string> {
  if (work === 'nothing') return '';
  return work === 'snapshot' ? (await place.repository(entries)).dir : place.tree(entries).dir;
}

function aimsOf(what: string, rows: readonly Measured[]): Aimed[] {
  const medians = rows.map(({ samples }) => median(samples));
  const [smallest = NaN] = medians;
  const largest = medians.at(-1) ?? NaN;
  return [
    {
      name: `memory, ${what}, ${sizes.at(-1)} files`,
      value: largest,
      unit: 'MB',
      bound: 'at most',
      aim: aimMegabytes,
    },
    {
      name: `memory, ${what}, ${sizes.at(-1)} files to ${sizes[0]}`,
      value: largest / smallest,
      unit: 'ratio',
      bound: 'at most',
      aim: aimGrowth,
    },
  ];
}
