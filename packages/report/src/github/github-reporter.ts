import { describeFailure, type RunEvent } from '@pikaci/model';
import { jobAnnotations } from '../documents/github-document.js';
import { endDetailLines, endedOutput } from '../human/end-details.js';
import { eventLines } from '../human/event-lines.js';
import { shownTailLines } from '../human/failed-output.js';
import { createOutputCollector } from '../human/output-collector.js';
import { createPayloadHits } from '../human/payload-hits.js';
import { ownFailure, runSummaryLines } from '../human/run-summary.js';
import { verdictOf } from '../human/verdict.js';
import type { LineTail } from '../output/line-tail.js';
import { neutraliseText } from '../output/neutralise.js';
import type { TextSink } from '../output/text-sink.js';
import type { Reporter, ReporterOptions } from '../reporter.js';
import { createPlainScreen } from '../screen/plain-screen.js';
import { plainStyle } from '../text/style.js';
import { githubCommand, githubGroup } from './github-command.js';

/** What is kept of an output until it can be shown as a whole: with the longest lines there are 8 MiB. */
const groupLines = 1000;

/**
 * For the log of GitHub Actions: plain lines, what a job or build printed in a group that can be folded (jobs run at the
 * same time, so it comes at the end), and an error for each job that failed. Only lines of pikaci itself are commands:
 * what others printed has been made harmless.
 */
export function createGithubReporter(options: ReporterOptions, sink: TextSink): Reporter {
  const style = plainStyle;
  const screen = createPlainScreen(sink);
  const payloads = createPayloadHits();
  const output = createOutputCollector({
    color: false,
    keptLines: groupLines,
    onLine: () => undefined,
  });

  return {
    onEvent(event) {
      payloads.apply(event);
      const ended = endedOutput(event);
      const tail = ended === null ? undefined : output.finish(ended);
      const details = endDetailLines(event, { tail, verbose: true, style });
      screen.print([
        ...(ended === null ? [] : groupOf(ended, tail, sink.isFull)),
        ...eventLines(event, { style, beginnings: true }),
        ...details,
        ...annotationsOf(event, tail),
      ]);
      if (event.event === 'run_finished') {
        const { recordPath } = options;
        screen.print(runSummaryLines(event.run, { style, recordPath, payloads }));
      }
    },
    onOutput: (jobId, stream, chunk) => output.push(jobId, stream, chunk),
    onPrepareOutput: (nodeId, chunk) => output.push(nodeId, 'stdout', chunk),
    onWarning: (text) => screen.print([style.yellow(`warning: ${neutraliseText(text)}`)]),
    close: () => screen.close(),
  };
}

function counted(lines: number): string {
  return lines === 1 ? '1 line' : `${lines} lines`;
}

/** An output as a group; nothing when there is none. A reader that is too slow for it gets one line instead. */
function groupOf(id: string, tail: LineTail | undefined, isSlowReader: boolean): readonly string[] {
  if (tail === undefined || tail.lines.length === 0) return [];
  const count = tail.dropped + tail.lines.length;
  if (isSlowReader) return [`${id} | … ${counted(count)} not shown here`];
  const rest = tail.dropped === 0 ? [] : [`… ${counted(tail.dropped)} before these`];
  return githubGroup(id, [...rest, ...tail.lines]);
}

function annotationsOf(event: RunEvent, tail: LineTail | undefined): readonly string[] {
  if (event.event === 'job_finished') {
    const lines = (tail?.lines ?? []).slice(-shownTailLines);
    const isCut = lines.length < (tail?.lines.length ?? 0);
    return jobAnnotations(event.job, { lines, isCut, path: event.job.guestLogPath });
  }
  if (event.event !== 'run_finished') return [];
  const failure = ownFailure(event.run);
  if (failure === null) return [];
  const title = `run: ${verdictOf(event.run, plainStyle).word}`;
  return [githubCommand('error', title, describeFailure(failure))];
}
