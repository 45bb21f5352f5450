import type { NeedleAutomaton } from './needle-automaton.js';

/** Hears of a needle that ends before `end`; the longest one of those that end there. */
export type OnNeedle = (start: number, end: number, state: number) => void;

/**
 * Reads on in a stream of bytes.
 * @param state of the bytes before `from`; those that it stands for are in `bytes`
 * @returns the state behind the last byte
 */
export function scanNeedles(
  automaton: NeedleAutomaton,
  bytes: Uint8Array,
  from: number,
  state: number,
  onNeedle: OnNeedle,
): number {
  const { depths, ends, beginning } = automaton;
  let at = from;
  let current = state;
  while (at < bytes.length) {
    const depth = depths[current] ?? 0;
    if (depth >= beginning) {
      current = automaton.next(current, bytes[at] ?? 0);
      at += 1;
    } else {
      const start = automaton.seek(bytes, at - depth);
      if (start < 0) return endState(automaton, bytes, at, current);
      current = automaton.found;
      at = start + beginning;
    }
    const length = ends[current] ?? 0;
    if (length > 0) onNeedle(at - length, at, current);
  }
  return current;
}

/** No whole beginning comes any more, but the last bytes may be part of one. */
function endState(
  automaton: NeedleAutomaton,
  bytes: Uint8Array,
  at: number,
  state: number,
): number {
  const start = Math.max(at, bytes.length - automaton.beginning + 1);
  let current = start === at ? state : 0;
  for (let index = start; index < bytes.length; index += 1) {
    current = automaton.next(current, bytes[index] ?? 0);
  }
  return current;
}
