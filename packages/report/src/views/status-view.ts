import type { JobRecord, PreparedOutputRecord, ReusedResult, RunRecord } from '@pikaci/model';
import { runFailureLines } from '../human/run-summary.js';
import { flakyWords, verdictOf } from '../human/verdict.js';
import { neutraliseText } from '../output/neutralise.js';
import { oneLine } from '../text/one-line.js';
import { failedTestLines } from '../tests/failed-tests.js';
import { durationBetween, formatDuration } from '../text/duration.js';
import { runtimeWord } from '../text/runtime-word.js';
import { serviceText } from '../text/service-text.js';
import { section } from '../text/section.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { failureDetailLines } from './failure-view.js';
import { timeText } from './payload-text.js';

/** What `status` shows of one run. */
export interface RunStatus {
  readonly record: RunRecord;
  /** True when the record says `running` but its owner is gone. */
  readonly abandoned: boolean;
  /** The payloads the run prepared; empty when none are recorded. */
  readonly payloads: readonly PreparedOutputRecord[];
  /** Absolute path of the run's record. */
  readonly recordPath: string;
}

/** A run's status for people. */
export function formatRunStatus(status: RunStatus, style: Style = plainStyle): string {
  const { record } = status;
  return [
    runHeadLine(status, style),
    ...alignColumns(headRows(status)),
    ...runFailureLines(record),
    ...section('payloads', alignColumns(status.payloads.map(payloadRow)), style),
    ...section('jobs', jobLines(record, style), style),
  ].join('\n');
}

/** A run's id, what became of it, and how long that took. */
export function runHeadLine(
  { record, abandoned }: Pick<RunStatus, 'record' | 'abandoned'>,
  style: Style,
): string {
  const verdict = verdictOf(record, style);
  const durationMs = durationBetween(record.createdAt, record.finishedAt);
  const word = abandoned ? style.yellow('abandoned') : verdict.paint(verdict.word);
  return `${style.bold(`run ${record.runId}`)} ${word}${durationMs === null ? '' : ` in ${formatDuration(durationMs)}`}`;
}

function headRows({ record, abandoned, recordPath }: RunStatus): string[][] {
  const rows: [string, string | null][] = [
    ['target', record.targetId],
    ['created', timeText(record.createdAt)],
    ['finished', record.finishedAt === null ? null : timeText(record.finishedAt)],
    ['source', record.sourceRoot],
    [
      'git head',
      record.gitHead === null
        ? null
        : `${record.gitHead}${record.gitDirty === true ? ' and changes' : ''}`,
    ],
    ['snapshot', record.snapshotHash],
    ['again', record.rerunOf === null ? null : `run ${record.rerunOf}`],
    ['reused', reusedText(record.reusedResults)],
    ['owner', abandoned ? ownerText(record) : null],
    ['resumed', record.resumedAt.length === 0 ? null : record.resumedAt.map(timeText).join(', ')],
    ['next', abandoned ? nextStep(record) : null],
    ['record', recordPath],
  ];
  return rows.flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
}

/** The results of other runs that one goes by; null for none. */
export function reusedText(reusedResults: readonly ReusedResult[]): string | null {
  if (reusedResults.length === 0) return null;
  return reusedResults.map(({ jobId, runId }) => `${jobId} of run ${runId}`).join(', ');
}

function ownerText(record: RunRecord): string {
  const { owner } = record;
  if (owner === null) return 'not recorded';
  return `process ${owner.pid} on ${owner.host} is gone; last seen ${timeText(owner.heartbeatAt)}`;
}

function nextStep({ runId }: RunRecord): string {
  return `go on with it: npx pikaci resume ${runId}; any other run closes it`;
}

function payloadRow(output: PreparedOutputRecord): string[] {
  const how = output.reused === null ? '' : output.reused ? 'reused' : 'built';
  return [output.payloadId ?? output.nodeId, how, output.realizedPath];
}

function jobLines({ jobs, runId }: RunRecord, style: Style): string[] {
  const heads = alignColumns(
    jobs.map((job) => {
      const { paint, symbol, word } = verdictOf(job, style);
      const verdict = paint(`${symbol} ${job.id} ${word}`);
      return [`${verdict}${flakyWords(job, style)}`, jobFacts(job)];
    }),
  );
  return jobs.flatMap((job, index) => [heads[index] ?? '', ...jobDetails(job, runId, style)]);
}

function jobFacts(job: JobRecord): string {
  const durationMs = durationBetween(job.startedAt, job.finishedAt);
  const facts = [
    ...(job.runtime === null ? [] : [runtimeWord(job.runtime)]),
    ...(durationMs === null || job.status === 'skipped' ? [] : [formatDuration(durationMs)]),
    ...(job.exitCode === null ? [] : [`exit code ${job.exitCode}`]),
  ];
  return facts.join(', ');
}

function jobDetails(job: JobRecord, runId: string, style: Style): string[] {
  return [
    ...(job.message === null || job.message === verdictOf(job, style).word
      ? []
      : [`      ${neutraliseText(job.message)}`]),
    ...(job.failure === null ? [] : failureDetailLines(job.failure).map((line) => `    ${line}`)),
    ...failedTestLines(job.testResults, style).map((line) => `      ${line}`),
    ...job.notes.map((note) => `      note: ${neutraliseText(note)}`),
    ...alignColumns(jobRows(job, runId), '      '),
  ];
}

function jobRows(job: JobRecord, runId: string): string[][] {
  const execution = job.remoteLinuxVmExecution;
  return [
    ...(execution?.instance === null || execution === null
      ? []
      : [['instance', execution.instance]]),
    ...(execution?.phases ?? []).map((phase) => [phase.phase, formatDuration(phase.durationMs)]),
    ...job.payloads.map((payload) => [
      `payload ${payload.id}`,
      payload.mounts.map((mount) => mount.guestPath).join(', '),
    ]),
    ...job.services.map((service) => [
      `service ${service.name}`,
      `${serviceText(service)}; its log: ${service.logPath}`,
    ]),
    ...job.attempts.map((one) => [
      `attempt ${one.attempt}`,
      `${one.failureKind ?? one.status}: ${neutraliseText(one.message ?? '')}; its log: ${one.guestLogPath}`,
    ]),
    ...(job.status === 'failed' ? [['logs', `npx pikaci logs ${runId} --job ${job.id}`]] : []),
    ...(job.artifacts.length === 0 ? [] : [['artifacts', job.artifacts.map(oneLine).join(', ')]]),
  ];
}
