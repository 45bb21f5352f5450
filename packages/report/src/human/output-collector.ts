import { createLineTail, type LineTail } from '../output/line-tail.js';
import { createOutputLines, type OutputLines } from '../output/output-lines.js';
import { shownTailLines } from './failed-output.js';

interface Source {
  readonly streams: Map<string, OutputLines>;
  readonly tail: LineTail;
}

/** Turns the raw output of many jobs and builds into safe lines, and remembers the last ones of each. */
export interface OutputCollector {
  push(id: string, stream: string, chunk: Uint8Array): void;
  /** Ends the output of a job or build; returns its last lines. */
  finish(id: string): LineTail | undefined;
}

/** `onLine` hears every line as soon as it is whole; the last `keptLines` are remembered (as many as are shown unless set). The streams of one job are split into lines separately. */
export function createOutputCollector(options: {
  readonly color: boolean;
  readonly keptLines?: number;
  readonly onLine: (id: string, line: string) => void;
}): OutputCollector {
  const sources = new Map<string, Source>();

  const sourceOf = (id: string): Source => {
    const known = sources.get(id);
    if (known !== undefined) return known;
    const source = {
      streams: new Map<string, OutputLines>(),
      tail: createLineTail(options.keptLines ?? shownTailLines),
    };
    sources.set(id, source);
    return source;
  };
  const streamOf = (id: string, stream: string): OutputLines => {
    const source = sourceOf(id);
    const known = source.streams.get(stream);
    if (known !== undefined) return known;
    const lines = createOutputLines({
      color: options.color,
      longLines: 'cut',
      onLine: (line) => {
        source.tail.add(line);
        options.onLine(id, line);
      },
    });
    source.streams.set(stream, lines);
    return lines;
  };

  return {
    push: (id, stream, chunk) => streamOf(id, stream).push(chunk),
    finish(id) {
      const source = sources.get(id);
      for (const lines of source?.streams.values() ?? []) lines.end();
      sources.delete(id);
      return source?.tail;
    },
  };
}
