import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { endOfBuild } from './end-of-build.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('ends a build after its time limit, and says so', () => {
  const end = endOfBuild(new AbortController().signal, 10);
  vi.advanceTimersByTime(9_999);
  expect(end.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(end.signal.aborted).toBe(true);
  expect(end.failure('x')).toMatchObject({ error: { kind: 'timeout' } });
});

it('ends a build that is cancelled, and never one whose limit is longer than timers are', () => {
  const cancel = new AbortController();
  const end = endOfBuild(cancel.signal, 3_000_000);
  vi.advanceTimersByTime(60_000);
  expect(end.signal.aborted).toBe(false);
  cancel.abort();
  expect(end.failure('x')).toMatchObject({ error: { kind: 'cancelled' } });
  end.forget();
  expect(vi.getTimerCount()).toBe(0);
});
