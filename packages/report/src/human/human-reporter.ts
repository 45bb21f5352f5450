import type { RunEvent } from '@pikaci/model';
import { neutraliseText } from '../output/neutralise.js';
import type { LineTail } from '../output/line-tail.js';
import type { TextSink } from '../output/text-sink.js';
import type { Reporter, ReporterOptions } from '../reporter.js';
import { createLiveScreen } from '../screen/live-screen.js';
import { createPlainScreen } from '../screen/plain-screen.js';
import type { Screen } from '../screen/screen.js';
import { createStyle, type Style } from '../text/style.js';
import { endDetailLines, endedOutput } from './end-details.js';
import { eventLines } from './event-lines.js';
import { createOutputCollector } from './output-collector.js';
import { createPayloadHits } from './payload-hits.js';
import { createProgress, type Progress } from './progress.js';
import { progressFrame } from './progress-frame.js';
import { runSummaryLines } from './run-summary.js';
import { createShownOutput } from './shown-output.js';

/** Progress for people: drawn live on a terminal, plain lines elsewhere; the output of what failed; a summary. */
export function createHumanReporter(options: ReporterOptions, sink: TextSink): Reporter {
  const style = createStyle(options.color, options.symbols);
  const progress = createProgress();
  const payloads = createPayloadHits();
  const screen = createScreen(options, sink, progress, style);
  const logsOf = new Map<string, string>();
  const shown = createShownOutput({
    sink,
    screen,
    style,
    whereIs: (id) => logsOf.get(id) ?? null,
  });
  const output = createOutputCollector({
    color: options.color,
    onLine: (id, line) => {
      if (options.verbose) shown.line(id, line);
      else progress.printed(id, line);
    },
  });
  const finish = (id: string): LineTail | undefined => {
    const tail = output.finish(id);
    screen.print(shown.finish(id));
    return tail;
  };
  const afterwards = (event: RunEvent): string[] => {
    const ended = endedOutput(event);
    if (ended !== null) {
      return endDetailLines(event, { tail: finish(ended), verbose: options.verbose, style });
    }
    if (event.event !== 'run_finished') return [];
    return runSummaryLines(event.run, { style, recordPath: options.recordPath, payloads });
  };

  return {
    onEvent(event) {
      if (event.event === 'job_started') {
        const { id } = event.job;
        logsOf.set(id, `pikaci logs ${event.runId} --job ${id}`);
      }
      progress.apply(event, options.clock.monotonicMs());
      payloads.apply(event);
      // What came without a line end belongs above the line that says how it ended.
      const details = afterwards(event);
      screen.print([...eventLines(event, { style, beginnings: !options.isTerminal }), ...details]);
    },
    onOutput: (jobId, stream, chunk) => output.push(jobId, stream, chunk),
    onPrepareOutput: (nodeId, chunk) => output.push(nodeId, 'stdout', chunk),
    onWarning: (text) => screen.print([style.yellow(`warning: ${neutraliseText(text)}`)]),
    close: () => screen.close(),
  };
}

function createScreen(
  options: ReporterOptions,
  sink: TextSink,
  progress: Progress,
  style: Style,
): Screen {
  if (!options.isTerminal) return createPlainScreen(sink);
  let tick = 0;
  return createLiveScreen({
    sink,
    ticker: options.ticker,
    columns: options.columns,
    frame: () =>
      progressFrame(progress, {
        nowMs: options.clock.monotonicMs(),
        tick: tick++,
        columns: options.columns(),
        rows: options.rows(),
        lastLines: !options.verbose,
        style,
      }),
  });
}
