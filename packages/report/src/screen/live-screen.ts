import type { TextSink } from '../output/text-sink.js';
import type { Screen, Ticker } from './screen.js';

const escape = String.fromCharCode(27);
const clearBelow = `${escape}[0J`;

/** Between two redraws, in milliseconds: often enough for a spinner, seldom enough for a slow terminal. */
const redrawIntervalMs = 100;

/**
 * Lines that stay, and below them a block that is drawn again and again. The cursor is never hidden, so that a killed
 * process leaves a usable terminal.
 */
export function createLiveScreen(options: {
  readonly sink: TextSink;
  /** The block as it is now; each line must fit into the terminal's width. Called once for each drawing. */
  readonly frame: () => readonly string[];
  readonly ticker: Ticker;
}): Screen {
  const { sink, frame } = options;
  let drawn: readonly string[] = [];
  let closed = false;

  const erase = () => (drawn.length === 0 ? '' : `${escape}[${drawn.length}A\r${clearBelow}`);
  const draw = (permanent: readonly string[], block: readonly string[]) => {
    const text = [...permanent, ...block].map((line) => `${line}\n`).join('');
    const output = `${erase()}${text}`;
    drawn = block;
    if (output !== '') sink.write(output);
  };
  const stop = options.ticker(redrawIntervalMs, () => {
    // A slow reader would get all the drawings that nobody wants to see any more.
    if (sink.isFull) return;
    const block = frame();
    if (block.join('\n') !== drawn.join('\n')) draw([], block);
  });

  return {
    print: (lines) => {
      if (lines.length > 0) draw(lines, closed ? [] : frame());
    },
    close: () => {
      stop();
      closed = true;
      draw([], []);
    },
  };
}
