import { neutraliseLine } from './neutralise.js';

/** Longest line that is held back for its end, in characters. Bounds the memory. */
const longestLine = 8192;

const cutMark = ' … the rest of this line is not shown here';

/** Turns a stream of raw bytes into lines that are safe to show. */
export interface OutputLines {
  push(chunk: Uint8Array): void;
  /** Hands out what came without a line end. */
  end(): void;
}

/**
 * Splits at line feeds, carriage returns and both together (a lone carriage return would let text be overwritten), and
 * neutralises each line. Characters and sequences may be split over chunks. A very long line is shown in pieces, or cut:
 * its beginning with a mark.
 */
export function createOutputLines(options: {
  readonly color: boolean;
  /** `pieces` unless set. */
  readonly longLines?: 'pieces' | 'cut';
  readonly onLine: (line: string) => void;
}): OutputLines {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const cuts = options.longLines === 'cut';
  let pending = '';
  /** True after the beginning of a line that was cut. */
  let skipping = false;

  const show = (line: string, mark: string) =>
    options.onLine(neutraliseLine(line, options.color) + mark);
  const takePiece = (piece: string) => {
    if (!skipping) show(piece, cuts ? cutMark : '');
    skipping = cuts;
  };
  /** The end of a line, maybe a long one. */
  const takeLine = (from: number, to: number) => {
    const start = takePieces(from, to);
    if (!skipping) show(pending.slice(start, to), '');
    skipping = false;
  };
  const takePieces = (from: number, to: number): number => {
    let start = from;
    while (to - start > longestLine) {
      const end = start + pieceLength(pending, start);
      takePiece(pending.slice(start, end));
      start = end;
    }
    return start;
  };
  const drain = (atEnd: boolean) => {
    const breaks = atEnd ? /\r*\n|\r/gu : /\r*\n|\r(?=[^\r\n])/gu;
    let start = 0;
    for (const found of pending.matchAll(breaks)) {
      takeLine(start, found.index);
      start = found.index + found[0].length;
    }
    pending = pending.slice(takePieces(start, pending.length));
  };

  return {
    push(chunk) {
      pending += decoder.decode(chunk, { stream: true });
      drain(false);
    },
    end() {
      pending += decoder.decode();
      drain(true);
      if (pending !== '') takeLine(0, pending.length);
      pending = '';
      skipping = false;
    },
  };
}

/** The longest allowed piece that does not cut a surrogate pair. */
function pieceLength(text: string, start: number): number {
  const last = text.charCodeAt(start + longestLine - 1);
  return last >= 0xd800 && last <= 0xdbff ? longestLine - 1 : longestLine;
}
