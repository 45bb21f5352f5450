import type { MaskedStream } from '@pikaci/model';
import type { NeedleAutomaton } from './needle-automaton.js';
import { scanNeedles } from './needle-scan.js';

/** What is shown in place of a secret, however long, and of several without anything between them. */
export const maskText = '***';
const mask = Buffer.from(maskText);

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Masks one stream. Needles that overlap or touch are one. Positions count from the first byte that is held back, which
 * are those that may still turn out to be the beginning of a needle.
 */
export class MaskingStream implements MaskedStream {
  readonly #automaton: NeedleAutomaton;
  #state = 0;
  #held: Uint8Array = new Uint8Array();
  /** Found, and not yet known where it begins: a longer needle may begin before it. Apart from each other, in order. */
  #spans: Span[] = [];
  /** Everything before it is passed on or masked. */
  #done = 0;
  /** Where the last mask that was passed on ends; -1 when something else came after it. */
  #masked = -1;

  constructor(automaton: NeedleAutomaton) {
    this.#automaton = automaton;
  }

  write(chunk: Uint8Array): Uint8Array {
    if (chunk.length === 0) return chunk;
    const held = this.#held.length;
    const bytes = held === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#state = scanNeedles(this.#automaton, bytes, held, this.#state, (start, end) =>
      this.#add(start, end),
    );
    const safe = bytes.length - (this.#automaton.depths[this.#state] ?? 0);
    const passed = this.#passOn(bytes, safe);
    // A copy: the chunk's memory is its owner's.
    this.#held = Uint8Array.from(bytes.subarray(safe));
    this.#moveOrigin(safe);
    return passed;
  }

  end(): Uint8Array {
    const passed = this.#passOn(this.#held, this.#held.length);
    this.#held = new Uint8Array();
    return passed;
  }

  #add(start: number, end: number): void {
    let first = start;
    for (let last = this.#spans.at(-1); last !== undefined; last = this.#spans.at(-1)) {
      if (last.end < first) break;
      first = Math.min(first, last.start);
      this.#spans.pop();
    }
    this.#spans.push({ start: first, end });
  }

  /** What is decided before `safe`; no needle that is still to be found begins there. */
  #passOn(bytes: Uint8Array, safe: number): Uint8Array {
    const parts: Uint8Array[] = [];
    const copy = (end: number): void => {
      if (end <= this.#done) return;
      parts.push(bytes.subarray(this.#done, end));
      this.#done = end;
    };
    const undecided = this.#spans.findIndex(({ start }) => start >= safe);
    for (const { start, end } of this.#spans.splice(0, undecided < 0 ? Infinity : undecided)) {
      copy(start);
      if (start > this.#masked) parts.push(mask);
      this.#done = Math.max(this.#done, end);
      this.#masked = this.#done;
    }
    copy(safe);
    const [only, ...more] = parts;
    return only !== undefined && only !== mask && more.length === 0 ? only : Buffer.concat(parts);
  }

  #moveOrigin(by: number): void {
    this.#done -= by;
    this.#masked = this.#masked < by ? -1 : this.#masked - by;
    this.#spans = this.#spans.map(({ start, end }) => ({ start: start - by, end: end - by }));
  }
}
