import { runChild } from '../children/child.js';
import type { ScreenAnswer, ScreenQuestion } from '../children/screen-child.js';
import type { Aimed, Benchmark, Measured } from '../report/benchmark.js';
import { roundNumbers } from '../report/rounds.js';
import { median } from '../report/statistics.js';
import type { LongRun } from '../screen/long-run.js';

const run: LongRun = { jobs: 200, atOnce: 50, jobSeconds: 2, linesPerSecond: 10 };
const aimPercent = 5;
const quiet = 'quiet';

const ways: readonly { readonly what: string; readonly asked: ScreenQuestion }[] = [
  { what: quiet, asked: { run, format: 'quiet', isTerminal: true, verbose: false } },
  { what: 'live screen', asked: { run, format: 'human', isTerminal: true, verbose: false } },
  {
    what: 'live screen, verbose',
    asked: { run, format: 'human', isTerminal: true, verbose: true },
  },
];

/** A run of many jobs takes next to nothing of a core for what is shown of it. */
export const screen: Benchmark = {
  name: 'screen',
  measures: `A fresh process hears a run of ${run.jobs} jobs at the pace at which it goes on, ${run.atOnce} at a time, each of which prints ${run.linesPerSecond} lines a second, and shows it on 140 columns and 40 rows: what it takes of one core, beyond what --output quiet takes that shows nothing.`,
  run: async ({ rounds, progress }) => {
    const answers = new Map<string, ScreenAnswer[]>(ways.map(({ what }) => [what, []]));
    for (const round of roundNumbers(rounds(3))) {
      for (const { what, asked } of ways) {
        progress(`${what}, round ${round + 1}`);
        answers.get(what)?.push(await runChild<ScreenAnswer>('screen-child', asked));
      }
    }
    const samples = (what: string, of: (answer: ScreenAnswer) => number) =>
      (answers.get(what) ?? []).map(of);
    const shown = ways.map(({ what }) => what).filter((what) => what !== quiet);
    const measured: Measured[] = [
      ...ways.map(({ what }) => ({
        what: `${what}: core`,
        unit: '%' as const,
        samples: samples(what, (one) => one.cpuPercent),
      })),
      ...shown.flatMap((what): Measured[] => [
        {
          what: `${what}: drawings`,
          unit: '/s',
          samples: samples(what, (one) => one.drawings / (one.wallMs / 1000)),
        },
        {
          what: `${what}: a drawing`,
          unit: 'B',
          samples: samples(what, (one) => one.bytes / one.drawings),
        },
        {
          what: `${what}: longest pause`,
          unit: 'ms',
          samples: samples(what, (one) => one.longestGapMs),
        },
      ]),
    ];
    const core = (what: string) => median(samples(what, (one) => one.cpuPercent));
    const aimed = shown.map((what): Aimed => ({
      name: `screen, ${what}`,
      value: core(what) - core(quiet),
      unit: '%',
      bound: 'at most',
      aim: aimPercent,
    }));
    return { measured, aimed, notes: [] };
  },
};
