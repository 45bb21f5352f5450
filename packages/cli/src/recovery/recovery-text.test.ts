import { describe, expect, it } from 'vitest';
import { recoveryLine } from './recovery-text.js';

const run = (runId: string, markedJobs: number) => ({ runId, markedJobs });

describe('recoveryLine', () => {
  it('says nothing when there was nothing', () => {
    expect(recoveryLine({ closed: [], removed: [], problems: [] })).toBeNull();
  });

  it('is one line, whatever was recovered', () => {
    expect(
      recoveryLine({ closed: [run('a', 1)], removed: ['instance x of run a'], problems: [] }),
    ).toBe('recovered run a, whose process was gone: 1 job marked; removed instance x of run a');
    expect(
      recoveryLine({
        closed: [run('a', 1), run('b', 2)],
        removed: ['1', '2', '3', '4', '5'],
        problems: ['the server is away'],
      }),
    ).toBe(
      'recovered 2 runs (a, b), whose processes were gone: 3 jobs marked; removed 1, 2, 3 and 2 other things; left for the next command: the server is away',
    );
    expect(recoveryLine({ closed: [], removed: ['instance x of run a'], problems: [] })).toBe(
      'cleaned up: removed instance x of run a',
    );
  });
});
