/** Bytes that may be taken, and what was left for want of them. */
export class ByteBudget {
  readonly #limit: number | null;
  #taken = 0;
  readonly #left: string[] = [];

  /** @param limit null: all is taken */
  constructor(limit: number | null) {
    this.#limit = limit;
  }

  /** How many bytes may still be taken. */
  get rest(): number {
    return this.#limit === null ? Infinity : this.#limit - this.#taken;
  }

  /** Takes the bytes of something, if there are as many; else it is left. */
  take(name: string, bytes: number): boolean {
    if (bytes > this.rest) {
      this.leave(name);
      return false;
    }
    this.#taken += bytes;
    return true;
  }

  leave(name: string): void {
    this.#left.push(name);
  }

  /** What is to be said of what was left; nothing when all was taken. */
  notes(): readonly string[] {
    const [first, ...others] = this.#left;
    if (first === undefined) return [];
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return [`${first}${more} left out: artifacts may have ${this.#limit ?? 0} bytes together`];
  }
}
