import { describe, expect, it } from 'vitest';
import { durationBetween, formatDuration, formatElapsed } from './duration.js';

describe('formatDuration', () => {
  it.each([
    [0, '0ms'],
    [-3, '0ms'],
    [869.6, '870ms'],
    [999.7, '1.0s'],
    [3_240, '3.2s'],
    [59_940, '59.9s'],
    [59_960, '1m 00s'],
    [125_000, '2m 05s'],
    [3_725_000, '1h 02m'],
  ])('writes %d milliseconds as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatElapsed', () => {
  it('counts whole seconds', () => {
    expect([0, 999, 59_999, 60_000].map(formatElapsed)).toEqual(['0s', '0s', '59s', '1m 00s']);
  });
});

describe('durationBetween', () => {
  it('is unknown when something has not ended or its time cannot be read', () => {
    expect(durationBetween('2026-01-01T00:00:00+00:00', null)).toBeNull();
    expect(durationBetween('yesterday', '2026-01-01T00:00:00+00:00')).toBeNull();
  });

  it('reads the nine-digit fractions of earlier records', () => {
    expect(
      durationBetween('2026-01-01T00:00:00.100000001+00:00', '2026-01-01T00:00:01.600000009+00:00'),
    ).toBe(1500);
  });
});
