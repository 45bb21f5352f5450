import { describe, expect, it } from 'vitest';
import { askUntil } from './ask-until.js';

const never = new AbortController().signal;

describe('askUntil', () => {
  it('asks again after growing pauses, until it is so', async () => {
    const pauses: number[] = [];
    let asked = 0;
    const answer = await askUntil({
      ask: () => Promise.resolve((asked += 1) === 8 ? null : 'not yet'),
      limitMs: 60_000,
      signal: never,
      pause: async (milliseconds) => void pauses.push(milliseconds),
    });
    expect(answer).toEqual({ kind: 'yes' });
    expect(pauses).toEqual([20, 40, 80, 160, 320, 500, 500]);
  });

  it('gives up in time, with the last answer that was one, also when a question has none', async () => {
    let asked = 0;
    const answer = await askUntil({
      ask: async (signal) => {
        asked += 1;
        if (asked === 1) return 'not yet';
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return 'was broken off';
      },
      limitMs: 100,
      signal: never,
    });
    expect(answer).toEqual({ kind: 'late', why: 'not yet' });
  });

  it('stops when nobody wants to know any more, whatever the answer was', async () => {
    const stop = new AbortController();
    const ask = () => {
      stop.abort();
      return Promise.resolve(null);
    };
    expect(await askUntil({ ask, limitMs: 60_000, signal: stop.signal })).toEqual({
      kind: 'stopped',
    });
  });
});
