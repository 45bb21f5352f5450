import type { Clock } from '@pikaci/model';

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #ms: number;
  readonly #startMs: number;

  constructor(start = '2026-01-02T03:04:05.000Z') {
    this.#startMs = Date.parse(start);
    this.#ms = this.#startMs;
  }

  now(): Date {
    return new Date(this.#ms);
  }

  monotonicMs(): number {
    return this.#ms - this.#startMs;
  }

  advance(ms: number): void {
    this.#ms += ms;
  }
}
