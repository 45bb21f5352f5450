import { runEventCodec } from '@pikaci/model';
import type { TextSink } from '../output/text-sink.js';
import type { Reporter } from '../reporter.js';
import { jsonText } from './json-text.js';

/** Each event as it happens, one compact JSON object a line, and nothing else. */
export function createJsonlReporter(sink: TextSink): Reporter {
  return {
    onEvent: (event) => sink.write(`${jsonText(runEventCodec.encode(event))}\n`),
    onOutput: () => undefined,
    onPrepareOutput: () => undefined,
    onWarning: () => undefined,
    close: () => undefined,
  };
}
