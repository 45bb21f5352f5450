import { describe, expect, it } from 'vitest';
import { alternate } from './alternate.js';
import type { Aimed, BenchmarkResult } from './benchmark.js';
import { planRounds } from './rounds.js';
import { median, quantile } from './statistics.js';
import { aimLine, ratioOf, textReport } from './text-report.js';

const measured: BenchmarkResult['measured'] = [
  { what: 'git status', unit: 'ms', samples: [9, 10, 50] },
  { what: 'identify', unit: 'ms', samples: [11, 12, 13], baseline: 'git status' },
];
const aimed: Aimed = { name: 'x', value: 1.2, unit: 'ratio', bound: 'at most', aim: 1.3 };

describe('statistics', () => {
  it('are not moved by one value that is far off', () => {
    expect(median([3, 1, 1000])).toBe(3);
    expect(median([4, 2])).toBe(3);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('the report', () => {
  it('takes the ratio of medians, to the row that is named', () => {
    expect(measured.map((one) => ratioOf(one, measured))).toEqual([null, 1.2]);
    expect(() =>
      ratioOf({ ...aimed, what: 'y', unit: 'ms', samples: [1], baseline: 'z' }, []),
    ).toThrow('no row "z"');
  });

  it('gives no ratio to what was lost in noise', () => {
    const lost = [
      { what: 'git status', unit: 'ms', samples: [-1, -2] } as const,
      ...measured.slice(1),
    ];
    expect(lost.map((one) => ratioOf(one, lost))).toEqual([null, NaN]);
    expect(aimLine({ ...aimed, value: NaN })).toBe(
      'x: ratio not measurable (aim ≤ 1.3, aim missed)',
    );
  });

  it('says in the line of a figure whether its aim was missed', () => {
    expect(aimLine(aimed)).toBe('x: ratio 1.20 (aim ≤ 1.3)');
    expect(aimLine({ ...aimed, value: 1.31 })).toBe('x: ratio 1.31 (aim ≤ 1.3, aim missed)');
    expect(aimLine({ ...aimed, bound: 'at least', aim: 20 })).toBe(
      'x: ratio 1.20 (aim ≥ 20, aim missed)',
    );
    expect(aimLine({ ...aimed, unit: 'MB', value: 149.6, aim: 150 })).toBe(
      'x: 150 MB (aim ≤ 150 MB)',
    );
  });

  it('shows every row, note and figure', () => {
    const result = { measured, aimed: [aimed], notes: ['no rsync here'] };
    expect(textReport({ name: 'n', measures: 'What it measures.' }, result)).toBe(
      [
        '== n',
        'What it measures.',
        '',
        'what         median    quartiles  rounds  ratio',
        'git status  10.0 ms  9.50 … 30.0       3',
        'identify    12.0 ms  11.5 … 12.5       3   1.20',
        '',
        'note: no rsync here',
        '',
        'x: ratio 1.20 (aim ≤ 1.3)',
        '',
      ].join('\n'),
    );
  });
});

describe('contestants', () => {
  it('are measured in turn, another one first in each round, after one round that does not count', async () => {
    const calls: string[] = [];
    const contestant = (what: string) => ({
      what,
      before: () => void calls.push(`+${what}`),
      measure: () => Promise.resolve(calls.push(what)),
      after: () => void calls.push(`-${what}`),
    });
    const samples = await alternate([contestant('a'), contestant('b')], planRounds(2, false));
    expect(calls.filter((call) => call.length === 1)).toEqual(['a', 'b', 'a', 'b', 'b', 'a']);
    expect(calls.slice(0, 4)).toEqual(['+a', 'a', '-a', '+b']);
    expect([...samples.values()].map((values) => values.length)).toEqual([2, 2]);
  });

  it('do a third of the rounds when it has to be quick', () => {
    expect(planRounds(15, true)).toEqual({ most: 5, least: 3, budgetMs: 20_000 });
  });
});
