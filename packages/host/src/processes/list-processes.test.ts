import { describe, expect, it } from 'vitest';
import { parseProcessStat } from './list-processes.js';

// Fields 4 to 21 of a real line; the 22nd is the start.
const rest = '10 20 20 0 -1 4194304 95 0 0 0 0 0 0 0 20 0 1 0 777 2576384 201';

describe('parseProcessStat', () => {
  it('reads parent, group, state and start', () => {
    expect(parseProcessStat(30, `30 (sh) S ${rest}\n`)).toEqual({
      pid: 30,
      parentId: 10,
      groupId: 20,
      dead: false,
      startTicks: '777',
    });
  });

  it('is not misled by a name that holds parentheses and blanks', () => {
    expect(parseProcessStat(30, `30 (a) Z (b) S ${rest}\n`)).toMatchObject({
      groupId: 20,
      dead: false,
    });
  });

  it('tells processes that have ended', () => {
    expect(parseProcessStat(30, `30 (sh) Z ${rest}\n`).dead).toBe(true);
  });
});
