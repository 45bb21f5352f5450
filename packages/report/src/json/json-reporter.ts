import { runRecordCodec } from '@pikaci/model';
import type { TextSink } from '../output/text-sink.js';
import type { Reporter } from '../reporter.js';
import { jsonText } from './json-text.js';

/** The final run record, indented by two spaces, and nothing else. */
export function createJsonReporter(sink: TextSink): Reporter {
  return {
    onEvent: (event) => {
      if (event.event !== 'run_finished') return;
      sink.write(`${jsonText(runRecordCodec.encode(event.run), 2)}\n`);
    },
    onOutput: () => undefined,
    onPrepareOutput: () => undefined,
    onWarning: () => undefined,
    close: () => undefined,
  };
}
