import type { TextSink } from '../output/text-sink.js';
import type { Screen } from '../screen/screen.js';
import type { Style } from '../text/style.js';

/**
 * Shows what jobs and builds print, as long as somebody reads it as fast. What comes meanwhile is left out, so that a
 * slow reader neither holds up a job nor fills the memory; a line says how much, and where it is.
 */
export interface ShownOutput {
  line(id: string, line: string): void;
  /** The line about what was left out of an output that is over; none when nothing was. */
  finish(id: string): readonly string[];
}

/** @param whereIs tells what shows the whole output of a job or build; null where nothing does */
export function createShownOutput(options: {
  readonly sink: TextSink;
  readonly screen: Screen;
  readonly style: Style;
  readonly whereIs: (id: string) => string | null;
}): ShownOutput {
  const { sink, screen, style, whereIs } = options;
  const leftOut = new Map<string, number>();
  const finish = (id: string): readonly string[] => {
    const count = leftOut.get(id);
    if (count === undefined) return [];
    leftOut.delete(id);
    const where = whereIs(id);
    const lines = count === 1 ? '1 line' : `${count} lines`;
    return [
      style.dim(`${id} | … ${lines} not shown here${where === null ? '' : `; see ${where}`}`),
    ];
  };
  sink.onDrain(() => {
    for (const id of [...leftOut.keys()]) screen.print(finish(id));
  });
  return {
    line: (id, line) => {
      if (sink.isFull) leftOut.set(id, (leftOut.get(id) ?? 0) + 1);
      else screen.print([...finish(id), `${style.dim(`${id} |`)} ${line}`]);
    },
    finish,
  };
}
