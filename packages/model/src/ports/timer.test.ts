import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemTimer } from './timer.js';

describe('systemTimer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('calls back when the time is over, also one that is too long for the machine', () => {
    const monthMs = 30 * 24 * 3600 * 1000;
    let called = 0;
    systemTimer.after(monthMs, () => (called += 1));
    vi.advanceTimersByTime(monthMs - 1);
    expect(called).toBe(0);
    vi.advanceTimersByTime(1);
    expect(called).toBe(1);
  });

  it('does not call back when that was taken back', () => {
    let called = 0;
    systemTimer.after(10, () => (called += 1))();
    vi.advanceTimersByTime(20);
    expect(called).toBe(0);
  });
});
