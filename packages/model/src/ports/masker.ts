/** Takes secrets out of one stream of bytes. A secret may lie across the borders of chunks. */
export interface MaskedStream {
  /** What may be passed on so far: everything but an end that may be the beginning of a secret. */
  write(chunk: Uint8Array): Uint8Array;
  /** What was held back. Nothing may be written afterwards. */
  end(): Uint8Array;
}

/** Takes secrets out of what is kept and shown, in every form in which they are known to turn up. */
export interface Masker {
  /** True when there is nothing to take out. */
  readonly isEmpty: boolean;
  /** A new stream, with a memory of its own. */
  stream(): MaskedStream;
  /** A text that is whole. */
  text(text: string): string;
}

/** The masker of a run without secrets: passes everything on as it is. */
export const noMasker: Masker = {
  isEmpty: true,
  stream: () => ({ write: (chunk) => chunk, end: () => new Uint8Array() }),
  text: (text) => text,
};
