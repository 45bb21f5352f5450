import type { JobRecord, PhaseName, RunEvent } from '@pikaci/model';
import { neutraliseText } from '../output/neutralise.js';
import { failedCount, failedTestsText } from '../tests/failed-tests.js';
import { durationBetween, formatDuration } from '../text/duration.js';
import { firstLine } from '../text/first-line.js';
import { runtimeWord } from '../text/runtime-word.js';
import type { Style } from '../text/style.js';
import { phaseWords } from './progress.js';
import { flakyWords, verdictOf, type Verdict } from './verdict.js';

type PrepareFinished = Extract<RunEvent, { event: 'prepare_finished' }>;

/** How much of what happens gets a line of its own. */
export interface EventLineOptions {
  readonly style: Style;
  /** Also beginnings and phases: where there is no block that shows them. */
  readonly beginnings: boolean;
}

/** What a job that has started does in any case; a line for each would say nothing. */
const impliedPhases: ReadonlySet<PhaseName> = new Set(['launch_guest', 'wait_for_completion']);

/** The lines that stay for one event; none when others say the same better. The end of the run is the summary's. */
export function eventLines(event: RunEvent, options: EventLineOptions): string[] {
  const { style } = options;
  const { passed, running, waiting, cancelled } = style.symbols;
  switch (event.event) {
    case 'run_started':
      return [
        `${style.bold(`run ${event.runId}`)}${event.targetId === null ? '' : ` of target ${event.targetId}`}`,
      ];
    case 'snapshot_taken': {
      const how = event.reused ? 'reused' : `taken in ${formatDuration(event.durationMs)}`;
      return [`${style.green(passed)} snapshot ${event.hash.slice(0, 12)} ${how}`];
    }
    case 'plan_made':
      return options.beginnings
        ? [`plan: ${event.prepareNodeIds.length} to prepare, ${event.jobIds.length} to run`]
        : [];
    case 'prepare_started':
      return options.beginnings ? [`${running} ${event.nodeId} started`] : [];
    case 'prepare_finished':
      return [prepareFinishedLine(event, style)];
    case 'job_started':
      return options.beginnings ? [jobStartLine(event.job, style)] : [];
    case 'job_phase':
      return options.beginnings && !impliedPhases.has(event.phase)
        ? [`  ${event.jobId}: ${phaseWords(event.phase)}`]
        : [];
    case 'job_waiting':
      return [
        `${waiting} ${event.jobId} waits for group ${event.group}: ${insideWords(event.inside)}`,
      ];
    case 'job_attempt_finished':
      return [
        `${jobEndLine(event.job, style)}; attempt ${event.job.attempt + 1} in ${formatDuration(event.retryInMs)}`,
      ];
    case 'job_finished':
    case 'job_skipped':
      return [jobEndLine(event.job, style)];
    case 'cancel_requested':
      return [style.yellow(`${cancelled} ${cancelWords(event)}: ${neutraliseText(event.reason)}`)];
    case 'run_resumed':
      return [`${running} run ${event.runId} goes on; ${event.keptJobIds.length} results are kept`];
    case 'run_finished':
      return [];
    default: {
      const never: never = event;
      return never;
    }
  }
}

function cancelWords({ jobId, now }: Extract<RunEvent, { event: 'cancel_requested' }>): string {
  if (now) return 'stopping at once';
  return jobId === null ? 'cancelling… (again to stop at once)' : `cancelling ${jobId}…`;
}

function insideWords(inside: readonly string[]): string {
  return inside.map((who) => neutraliseText(who)).join(', ');
}

/** That a job has begun, and where. */
export function jobStartLine(job: JobRecord, style: Style): string {
  return `${style.symbols.running} ${job.id} started${on(job)}`;
}

function on(job: JobRecord): string {
  const facts = [
    ...(job.runtime === null ? [] : [runtimeWord(job.runtime)]),
    ...(job.attempt === 1 ? [] : [`attempt ${job.attempt}`]),
  ];
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
}

/** Prepare nodes that tell whether something was reused are payloads; the others make a runtime ready. */
function prepareFinishedLine(event: PrepareFinished, style: Style): string {
  const took = formatDuration(event.durationMs);
  switch (event.status) {
    case 'passed': {
      const done =
        event.reused === null
          ? `${event.nodeId} done in ${took}`
          : `payload ${event.nodeId.replace(/^prepare-/, '')} ${event.reused ? 'reused' : `built in ${took}`}`;
      return `${style.green(style.symbols.passed)} ${done}`;
    }
    case 'failed':
      return style.red(`${style.symbols.failed} ${event.nodeId} failed after ${took}`);
    case 'skipped':
      return style.dim(`- ${event.nodeId} skipped`);
    default: {
      const never: never = event.status;
      return never;
    }
  }
}

/** How a job ended, how long it took, and why it did not pass. */
export function jobEndLine(job: JobRecord, style: Style): string {
  const verdict = verdictOf(job, style);
  const durationMs = durationBetween(job.startedAt, job.finishedAt);
  const time = durationMs === null || job.status === 'skipped' ? '' : timePhrase(job, durationMs);
  const why = job.status === 'passed' ? '' : whyPhrase(job.message, verdict);
  return `${verdict.paint(verdict.symbol)} ${job.id} ${verdict.paint(verdict.word)}${flakyWords(job, style)}${time}${why}${unheededWords(job, style)}`;
}

/** What is said beside a job that passed although tests failed in its reports; empty for all others. */
function unheededWords({ status, testResults }: JobRecord, style: Style): string {
  if (status !== 'passed' || testResults === null || failedCount(testResults) === 0) return '';
  return ` ${style.yellow(`(but ${failedTestsText(testResults)})`)}`;
}

/** Why, behind the verdict; nothing where that would be the same word again. */
export function whyPhrase(message: string | null, { word }: Pick<Verdict, 'word'>): string {
  return message === null || message === word ? '' : `: ${firstLine(message)}`;
}

function timePhrase(job: JobRecord, durationMs: number): string {
  return ` ${job.status === 'passed' ? 'in' : 'after'} ${formatDuration(durationMs)}`;
}
