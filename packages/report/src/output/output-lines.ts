import { neutraliseLine } from './neutralise.js';

/** Longest line that is held back for its end, in characters; a longer one is shown in pieces. Bounds the memory. */
const longestLine = 8192;

/** Turns a stream of raw bytes into lines that are safe to show. */
export interface OutputLines {
  push(chunk: Uint8Array): void;
  /** Hands out what came without a line end. */
  end(): void;
}

/**
 * Splits at line feeds, carriage returns and both together (a lone carriage return would let text be overwritten), and
 * neutralises each line. Characters and sequences may be split over chunks.
 */
export function createOutputLines(options: {
  readonly color: boolean;
  readonly onLine: (line: string) => void;
}): OutputLines {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let pending = '';

  const take = (line: string) => options.onLine(neutraliseLine(line, options.color));
  const drain = (atEnd: boolean) => {
    const breaks = atEnd ? /\r*\n|\r/gu : /\r*\n|\r(?=[^\r\n])/gu;
    let start = 0;
    for (const found of pending.matchAll(breaks)) {
      take(pending.slice(start, found.index));
      start = found.index + found[0].length;
    }
    while (pending.length - start > longestLine) {
      const end = start + pieceLength(pending, start);
      take(pending.slice(start, end));
      start = end;
    }
    pending = pending.slice(start);
  };

  return {
    push(chunk) {
      pending += decoder.decode(chunk, { stream: true });
      drain(false);
    },
    end() {
      pending += decoder.decode();
      drain(true);
      if (pending !== '') take(pending);
      pending = '';
    },
  };
}

/** The longest allowed piece that does not cut a surrogate pair. */
function pieceLength(text: string, start: number): number {
  const last = text.charCodeAt(start + longestLine - 1);
  return last >= 0xd800 && last <= 0xdbff ? longestLine - 1 : longestLine;
}
