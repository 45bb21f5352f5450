import { formatByteSize } from '@pikaci/model';

/** How many bytes there may be. */
export interface ByteLimits {
  /** Of all together; null: no limit. */
  readonly total: number | null;
  /** Of each; no limit unless given. */
  readonly each?: number;
  /** What they are of, in the plural. */
  readonly of: string;
}

/** Bytes that may be taken, and what was left for want of them. */
export class ByteBudget {
  readonly #limits: ByteLimits;
  #taken = 0;
  readonly #left: string[] = [];

  constructor(limits: ByteLimits) {
    this.#limits = limits;
  }

  /** How many bytes the next one may have. */
  get rest(): number {
    const { total, each = Infinity } = this.#limits;
    return Math.min(each, total === null ? Infinity : total - this.#taken);
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
    return [`${first}${more} left out: ${this.#limitText()}`];
  }

  #limitText(): string {
    const { total, each, of } = this.#limits;
    const together = `${of} may have ${total ?? 0} bytes together`;
    return each === undefined
      ? together
      : `${of} may have ${formatByteSize(each)} each, and ${formatByteSize(total ?? 0)} together`;
  }
}
