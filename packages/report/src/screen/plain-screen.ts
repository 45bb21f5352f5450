import type { TextSink } from '../output/text-sink.js';
import type { Screen } from './screen.js';

/** Lines only: for pipes, files and terminals that cannot move the cursor. */
export function createPlainScreen(sink: TextSink): Screen {
  return {
    print: (lines) => {
      if (lines.length > 0) sink.write(`${lines.join('\n')}\n`);
    },
    close: () => undefined,
  };
}
