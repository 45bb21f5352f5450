import type { RunEvent } from '@pikaci/model';
import { neutraliseText } from '../output/neutralise.js';
import type { LineTail } from '../output/line-tail.js';
import type { TextSink } from '../output/text-sink.js';
import type { Reporter, ReporterOptions } from '../reporter.js';
import { createLiveScreen } from '../screen/live-screen.js';
import { createPlainScreen } from '../screen/plain-screen.js';
import type { Screen } from '../screen/screen.js';
import { createStyle, type Style } from '../text/style.js';
import { failureDetailLines } from '../views/failure-view.js';
import { eventLines } from './event-lines.js';
import { failedOutputLines } from './failed-output.js';
import { createOutputCollector } from './output-collector.js';
import { createProgress, type Progress } from './progress.js';
import { progressFrame } from './progress-frame.js';
import { runSummaryLines } from './run-summary.js';
import { createShownOutput } from './shown-output.js';

type EventOf<Name extends RunEvent['event']> = Extract<RunEvent, { event: Name }>;

/** Progress for people: drawn live on a terminal, plain lines elsewhere; the output of what failed; a summary. */
export function createHumanReporter(options: ReporterOptions, sink: TextSink): Reporter {
  const style = createStyle(options.color);
  const progress = createProgress();
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
    },
  });
  const finish = (id: string): LineTail | undefined => {
    const tail = output.finish(id);
    screen.print(shown.finish(id));
    return tail;
  };
  const afterwards = (event: RunEvent): string[] => {
    if (event.event === 'prepare_finished') {
      return afterPrepare(event, finish(event.nodeId), options.verbose, style);
    }
    if (event.event === 'job_attempt_finished') {
      return afterAttempt(event, finish(event.job.id), options.verbose, style);
    }
    if (event.event === 'job_finished') {
      return afterJob(event, finish(event.job.id), options.verbose, style);
    }
    if (event.event !== 'run_finished') return [];
    return runSummaryLines(event.run, { style, recordPath: options.recordPath });
  };

  return {
    onEvent(event) {
      if (event.event === 'job_started') {
        const { id } = event.job;
        logsOf.set(id, `pikaci logs ${event.runId} --job ${id}`);
      }
      progress.apply(event, options.clock.monotonicMs());
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
    frame: () =>
      progressFrame(progress, {
        nowMs: options.clock.monotonicMs(),
        tick: tick++,
        columns: options.columns(),
        style,
      }),
  });
}

/** Why a preparation failed, and what it printed last. */
function afterPrepare(
  event: EventOf<'prepare_finished'>,
  tail: LineTail | undefined,
  verbose: boolean,
  style: Style,
): string[] {
  if (event.status !== 'failed') return [];
  const failed = event.failure;
  const why =
    failed === null ? [] : [`  ${neutraliseText(failed.message)}`, ...failureDetailLines(failed)];
  return [...why, ...(verbose ? [] : failedOutputLines({ tail, logPath: null, style }))];
}

/** What an attempt printed last that is followed by another one; that one's output begins anew. */
function afterAttempt(
  { job }: EventOf<'job_attempt_finished'>,
  tail: LineTail | undefined,
  verbose: boolean,
  style: Style,
): string[] {
  const hasRun = job.failureKind === 'job' || job.failureKind === 'timeout';
  return verbose || !hasRun ? [] : failedOutputLines({ tail, logPath: null, style });
}

/** What a failed job printed last, and how to see all of it. */
function afterJob(
  event: EventOf<'job_finished'>,
  tail: LineTail | undefined,
  verbose: boolean,
  style: Style,
): string[] {
  const { job } = event;
  if (job.status !== 'failed') return [];
  // What a cancelled job printed last explains nothing: the user ended it.
  const isTold = verbose || job.failureKind === 'cancelled';
  // A job that never ran, because a preparation failed, has no output to be missed.
  const hasRun = job.failureKind === 'job' || job.failureKind === 'timeout';
  const logPath = hasRun || tail !== undefined ? job.guestLogPath : null;
  const output = isTold ? [] : failedOutputLines({ tail, logPath, style });
  return [...output, `  next: npx pikaci logs ${event.runId} --job ${job.id}`];
}
