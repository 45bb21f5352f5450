import { describe, expect, it } from 'vitest';
import { durationSeconds } from './duration-seconds.js';

describe('durationSeconds', () => {
  it.each([
    ['90', 90],
    ['0.5s', 0.5],
    ['15m', 900],
    ['2h', 7200],
  ])('reads %s', (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(['', '0', '0s', '-1', 'soon', '5 minutes', '1e3'])('refuses %j', (text) => {
    expect(() => durationSeconds(text)).toThrow('It must be a time such as 90s');
  });
});
