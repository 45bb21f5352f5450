import type { RunEvent } from '@pikaci/model';
import { neutraliseText } from '../output/neutralise.js';
import type { TextSink } from '../output/text-sink.js';
import type { Reporter, ReporterOptions } from '../reporter.js';
import { createPlainScreen } from '../screen/plain-screen.js';
import { failedTestLines } from '../tests/failed-tests.js';
import { createStyle, type Style } from '../text/style.js';
import { endDetailLines, endedOutput } from './end-details.js';
import { eventLines } from './event-lines.js';
import { createOutputCollector } from './output-collector.js';
import { runFailureLines, runHeadline } from './run-summary.js';

/** Failures, what they printed last, and one line at the end. */
export function createQuietReporter(options: ReporterOptions, sink: TextSink): Reporter {
  const style = createStyle(options.color, options.symbols);
  const screen = createPlainScreen(sink);
  const output = createOutputCollector({ color: options.color, onLine: () => undefined });

  return {
    onEvent(event) {
      if (event.event === 'run_finished') {
        screen.print([runHeadline(event.run, style), ...runFailureLines(event.run)]);
        return;
      }
      const ended = endedOutput(event);
      const tail = ended === null ? undefined : output.finish(ended);
      if (!isTold(event)) return;
      const details = endDetailLines(event, { tail, verbose: false, style });
      const lines = eventLines(event, { style, beginnings: false });
      screen.print([...lines, ...testLines(event, style), ...details]);
    },
    onOutput: (jobId, stream, chunk) => output.push(jobId, stream, chunk),
    onPrepareOutput: (nodeId, chunk) => output.push(nodeId, 'stdout', chunk),
    onWarning: (text) => screen.print([style.yellow(`warning: ${neutraliseText(text)}`)]),
    close: () => screen.close(),
  };
}

/** There is no summary that would name the failed tests of a job. */
function testLines(event: RunEvent, style: Style): readonly string[] {
  if (event.event !== 'job_finished') return [];
  return failedTestLines(event.job.testResults, style).map((line) => `  ${line}`);
}

/** Failures, and that a signal was heard. */
function isTold(event: RunEvent): boolean {
  if (event.event === 'prepare_finished') return event.status === 'failed';
  if (event.event === 'job_finished') return event.job.status === 'failed';
  return event.event === 'cancel_requested';
}
