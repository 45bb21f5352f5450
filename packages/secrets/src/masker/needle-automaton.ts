/** Bytes whose hash tells how far the next needle is, and bits of that hash: a table that stays in the cache. */
const blockBytes = 3;
const hashBits = 18;
const hashMask = (1 << hashBits) - 1;

/** Longer beginnings mean longer steps, but more of the table is taken. */
const longestBeginning = 16;

/**
 * Finds many needles in a stream of bytes at once. What lies between beginnings of needles is stepped over by a table of
 * hashed blocks of three bytes (Wu and Manber); from a beginning on, each byte leads from state to state (Aho and
 * Corasick), so that the time is linear in the bytes, whatever they are. A state is the longest end of what was read
 * that is the beginning of a needle; state 0 is none. States are numbers that index arrays: objects would be slower, and
 * take ten times the memory.
 */
export class NeedleAutomaton {
  /** Bytes of each needle by which it is looked for. No needle is shorter. */
  readonly beginning: number;
  /** The length of the beginning of a needle that a state stands for. */
  readonly depths: Uint16Array;
  /** The length of the longest needle that ends in a state; 0: none. */
  readonly ends: Uint16Array;
  /** The state that `seek` led to. */
  found = 0;
  readonly #steps: Uint8Array;
  readonly #roots = new Int32Array(256);
  readonly #firstChild: Int32Array;
  readonly #nextSibling: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #fallbacks: Int32Array;
  /** The needles that end in a state, without those that end in its fallbacks. */
  readonly #needles = new Map<number, number>();
  #size = 1;

  /** @param needles different ones, each with at least 4 and less than 65,536 bytes */
  constructor(needles: readonly Uint8Array[]) {
    const states = needles.reduce((sum, needle) => sum + needle.length, 1);
    this.beginning = Math.min(longestBeginning, ...needles.map((needle) => needle.length));
    this.depths = new Uint16Array(states);
    this.ends = new Uint16Array(states);
    this.#firstChild = new Int32Array(states);
    this.#nextSibling = new Int32Array(states);
    this.#bytes = new Uint8Array(states);
    this.#fallbacks = new Int32Array(states);
    needles.forEach((needle, index) => this.#insert(needle, index));
    this.#linkFallbacks();
    this.#steps = stepTable(needles, this.beginning);
  }

  /** The state after one more byte. */
  next(state: number, byte: number): number {
    let from = state;
    for (;;) {
      const child = this.#child(from, byte);
      if (child !== 0 || from === 0) return child;
      from = this.#fallbacks[from] ?? 0;
    }
  }

  /**
   * The position of the next beginning of a needle at or after `from`, with the state behind it in `found`; -1 when
   * there is none that is whole before the end of the bytes.
   */
  seek(bytes: Uint8Array, from: number): number {
    const steps = this.#steps;
    const length = bytes.length;
    const reach = this.beginning - 1;
    let last = from + reach;
    while (last < length) {
      const step = steps[hash(bytes[last - 2] ?? 0, bytes[last - 1] ?? 0, bytes[last] ?? 0)] ?? 1;
      if (step > 0) last += step;
      else if (this.#beginsAt(bytes, last - reach)) return last - reach;
      else last += 1;
    }
    return -1;
  }

  /** Numbers of the needles that end in a state. */
  needlesAt(state: number): number[] {
    const found: number[] = [];
    for (let at = state; at !== 0; at = this.#fallbacks[at] ?? 0) {
      const needle = this.#needles.get(at);
      if (needle !== undefined) found.push(needle);
    }
    return found;
  }

  #beginsAt(bytes: Uint8Array, start: number): boolean {
    let state = 0;
    for (let index = start; index < start + this.beginning; index += 1) {
      state = this.#child(state, bytes[index] ?? 0);
      if (state === 0) return false;
    }
    this.found = state;
    return true;
  }

  #child(state: number, byte: number): number {
    if (state === 0) return this.#roots[byte] ?? 0;
    let child = this.#firstChild[state] ?? 0;
    while (child !== 0 && this.#bytes[child] !== byte) child = this.#nextSibling[child] ?? 0;
    return child;
  }

  #insert(needle: Uint8Array, index: number): void {
    let state = 0;
    for (const byte of needle) state = this.#child(state, byte) || this.#add(state, byte);
    this.ends[state] = needle.length;
    this.#needles.set(state, index);
  }

  #add(parent: number, byte: number): number {
    const state = this.#size;
    this.#size += 1;
    this.#bytes[state] = byte;
    this.depths[state] = (this.depths[parent] ?? 0) + 1;
    if (parent === 0) this.#roots[byte] = state;
    else {
      this.#nextSibling[state] = this.#firstChild[parent] ?? 0;
      this.#firstChild[parent] = state;
    }
    return state;
  }

  /** Breadth first: the fallback of a state is one that is not as deep. */
  #linkFallbacks(): void {
    const queue = new Int32Array(this.#size);
    let filled = 0;
    for (const root of this.#roots) if (root !== 0) queue[filled++] = root;
    for (let index = 0; index < filled; index += 1) {
      const state = queue[index] ?? 0;
      let child = this.#firstChild[state] ?? 0;
      for (; child !== 0; child = this.#nextSibling[child] ?? 0) {
        queue[filled++] = child;
        const fallback = this.next(this.#fallbacks[state] ?? 0, this.#bytes[child] ?? 0);
        this.#fallbacks[child] = fallback;
        if (this.ends[child] === 0) this.ends[child] = this.ends[fallback] ?? 0;
      }
    }
  }
}

function hash(first: number, second: number, third: number): number {
  return ((first << 12) ^ (second << 6) ^ third) & hashMask;
}

/** For each block: how far from it a beginning can end at the earliest. 0: maybe with it. */
function stepTable(needles: readonly Uint8Array[], beginning: number): Uint8Array {
  const steps = new Uint8Array(hashMask + 1).fill(beginning - blockBytes + 1);
  for (const needle of needles) {
    for (let last = blockBytes - 1; last < beginning; last += 1) {
      const at = hash(needle[last - 2] ?? 0, needle[last - 1] ?? 0, needle[last] ?? 0);
      steps[at] = Math.min(steps[at] ?? 0, beginning - 1 - last);
    }
  }
  return steps;
}
