import { runChild } from '../children/child.js';
import type { OutputAnswer, OutputQuestion } from '../children/output-child.js';
import { removeDirectory } from '../machine/run-program.js';
import type { Benchmark, Measured } from '../report/benchmark.js';
import { roundNumbers } from '../report/rounds.js';
import { median } from '../report/statistics.js';

const sizes = [100, 1000];
const aimMegabytes = 150;

/** The memory of a process that runs jobs does not grow with what they print. */
export const jobOutput: Benchmark = {
  name: 'job-output',
  measures:
    'A fresh process runs a job that prints one line without end, masked for 50 secrets, into a log of at most 16 MiB: its most resident memory, and how long it took.',
  run: async ({ place, rounds, progress }) => {
    const measured: Measured[] = [];
    const memory: number[] = [];
    for (const megabytes of sizes) {
      const answers: OutputAnswer[] = [];
      for (const round of roundNumbers(rounds(3))) {
        progress(`${megabytes} MB, round ${round + 1}`);
        const asked: OutputQuestion = { megabytes, dir: place.freshDirectory('output') };
        answers.push(await runChild<OutputAnswer>('output-child', asked));
        await removeDirectory(asked.dir);
      }
      const used = answers.map(({ maxRssBytes }) => maxRssBytes / 1e6);
      memory.push(median(used));
      measured.push(
        { what: `${megabytes} MB: memory`, unit: 'MB', samples: used },
        { what: `${megabytes} MB: time`, unit: 'ms', samples: answers.map((one) => one.tookMs) },
      );
    }
    const aimed = {
      name: `job-output, memory for ${sizes.at(-1)} MB`,
      value: memory.at(-1) ?? NaN,
      unit: 'MB' as const,
      bound: 'at most' as const,
      aim: aimMegabytes,
    };
    return { measured, aimed: [aimed], notes: [] };
  },
};
