import type { TextSink } from '../output/text-sink.js';
import { blockChange, blockRows, type DrawnBlock } from './block.js';
import type { Screen, Ticker } from './screen.js';

const escape = String.fromCharCode(27);
const clearBelow = `${escape}[0J`;

/** Between two drawings, in milliseconds: often enough for a spinner, seldom enough for a slow terminal. */
const redrawIntervalMs = 100;

/** Lines that wait for the next drawing; more are written at once, so that the memory stays bounded. */
const mostWaiting = 200;

/**
 * Lines that stay, and below them a block that is drawn again and again, at most ten times a second: lines that come
 * faster wait for the next drawing, and of the block only what changed is written. The cursor is never hidden, so that a
 * killed process leaves a usable terminal.
 */
export function createLiveScreen(options: {
  readonly sink: TextSink;
  /** The block as it is now; each line must fit into the terminal's width. Called once for each drawing. */
  readonly frame: () => readonly string[];
  /** The terminal's width at the moment. */
  readonly columns: () => number;
  readonly ticker: Ticker;
}): Screen {
  const { sink, frame, columns } = options;
  let drawn: DrawnBlock = { lines: [], columns: columns() };
  let waiting: string[] = [];
  /** True while something has been drawn since the last but one tick. */
  let hasDrawn = false;
  let closed = false;

  const erase = (width: number) => {
    const rows = blockRows(drawn, width);
    return rows === 0 ? '' : `${escape}[${rows}A\r${clearBelow}`;
  };
  const draw = (block: readonly string[]) => {
    const next = { lines: block, columns: columns() };
    const output =
      (waiting.length === 0 ? blockChange(drawn, next) : null) ??
      `${erase(next.columns)}${[...waiting, ...block].map((line) => `${line}\n`).join('')}`;
    waiting = [];
    drawn = next;
    hasDrawn = output !== '';
    if (hasDrawn) sink.write(output);
  };
  const stop = options.ticker(redrawIntervalMs, () => {
    // A slow reader would get all the drawings that nobody wants to see any more.
    if (!sink.isFull) draw(frame());
  });

  return {
    print: (lines) => {
      if (lines.length === 0) return;
      waiting.push(...lines);
      if (closed) draw([]);
      else if (!hasDrawn || waiting.length > mostWaiting) draw(frame());
    },
    close: () => {
      stop();
      closed = true;
      draw([]);
    },
  };
}
