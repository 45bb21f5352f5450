import type { Clock, Timer } from '@pikaci/model';
import { DeferredCalls } from './deferred-calls.js';

interface Waiting {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it, and what waits for it. */
export class ManualClock implements Clock, Timer {
  #ms: number;
  readonly #startMs: number;
  readonly #waiting = new Set<Waiting>();
  readonly #asked = new DeferredCalls<number, undefined>();
  readonly #passes: boolean;

  /** @param passes when something waits, its time comes by itself, as soon as nothing else happens */
  constructor(start = '2026-01-02T03:04:05.000Z', passes = false) {
    this.#startMs = Date.parse(start);
    this.#ms = this.#startMs;
    this.#passes = passes;
  }

  now(): Date {
    return new Date(this.#ms);
  }

  monotonicMs(): number {
    return this.#ms - this.#startMs;
  }

  /** Moves the time on, and calls back those whose time has come, in the order of their times. */
  advance(ms: number): void {
    this.#ms += ms;
    const due = [...this.#waiting].filter(({ dueMs }) => dueMs <= this.#ms);
    for (const one of due.sort((a, b) => a.dueMs - b.dueMs)) {
      if (this.#waiting.delete(one)) one.callback();
    }
  }

  after(delayMs: number, callback: () => void): () => void {
    const one = { dueMs: this.#ms + delayMs, callback };
    this.#waiting.add(one);
    void this.#asked.call(delayMs);
    if (this.#passes) {
      setImmediate(() => {
        if (this.#waiting.has(one)) this.advance(Math.max(0, one.dueMs - this.#ms));
      });
    }
    return () => void this.#waiting.delete(one);
  }

  /** How long the next one waits who asks, or has asked and was not told of yet. */
  async nextWaitMs(): Promise<number> {
    return (await this.#asked.next()).request;
  }

  /** How many wait now. */
  get waiting(): number {
    return this.#waiting.size;
  }
}
