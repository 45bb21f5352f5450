import type { ShownJob, ShownRun, ShownRunPayload } from '@pikaci/model';
import { runFailureLines } from '../human/run-summary.js';
import { reusedText } from './status-view.js';
import { flakyWords, verdictOf } from '../human/verdict.js';
import { failedTestLines } from '../tests/failed-tests.js';
import { formatBytes } from '../text/bytes.js';
import { formatDuration } from '../text/duration.js';
import { oneLine } from '../text/one-line.js';
import { runtimeWord } from '../text/runtime-word.js';
import { serviceText } from '../text/service-text.js';
import { section } from '../text/section.js';
import { plainStyle, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { failureDetailLines } from './failure-view.js';
import { counted, shortKey, timeText } from './payload-text.js';

/** Patterns and changed files that are shown; `--json` has all. */
const mostNamed = 5;

/** Everything of one run, for people. */
export function formatRun(run: ShownRun, style: Style = plainStyle): string {
  const verdict = verdictOf(run, style);
  const word = run.abandoned ? style.yellow('abandoned') : verdict.paint(verdict.word);
  const time = run.durationMs === null ? '' : ` in ${formatDuration(run.durationMs)}`;
  return [
    `${style.bold(`run ${run.runId}`)} ${word}${time}`,
    ...runFailureLines(run),
    ...alignColumns(headRows(run)),
    ...section('payloads', alignColumns(run.payloads.map(payloadRow)), style),
    ...section('jobs', jobLines(run.jobs, style), style),
    ...section('records', alignColumns(Object.entries(run.places)), style),
    ...section(
      'next',
      run.next.map((command) => `  ${command}`),
      style,
    ),
  ].join('\n');
}

function headRows(run: ShownRun): string[][] {
  const { hash, dir, isStored } = run.snapshot;
  const rows: readonly (readonly [string, string | null])[] = [
    ['target', targetText(run)],
    ['created', timeText(run.createdAt)],
    ['finished', run.finishedAt === null ? null : timeText(run.finishedAt)],
    ['resumed', run.resumedAt.length === 0 ? null : run.resumedAt.map(timeText).join(', ')],
    ['trace', run.trace?.traceId ?? null],
    ['again', run.rerunOf === null ? null : `run ${run.rerunOf}`],
    ['reused', reusedText(run.reusedResults)],
    ['owner', ownerText(run)],
    ['source', run.sourceRoot],
    ['git head', gitText(run)],
    ['snapshot', hash === null ? null : `${hash}${isStored ? '' : ' (not in the store any more)'}`],
    ['', hash !== null && isStored ? dir : null],
    ['selection', run.selection.length === 0 ? 'no jobs' : run.selection.join(', ')],
    ['filter', filterText(run)],
    ['pinned', run.isPinned ? 'npx pikaci gc leaves it' : null],
  ];
  return rows.flatMap(([name, value]) => (value === null ? [] : [[name, oneLine(value)]]));
}

function targetText({ targetId, targetDescription }: ShownRun): string | null {
  if (targetId === null) return null;
  return targetDescription === null ? targetId : `${targetId}: ${targetDescription}`;
}

function ownerText({ status, owner, abandoned }: ShownRun): string | null {
  if (status !== 'running') return null;
  if (owner === null) return 'not recorded';
  const what = abandoned ? 'is gone; last seen' : 'runs it; last seen';
  return `process ${owner.pid} on ${owner.host} ${what} ${timeText(owner.heartbeatAt)}`;
}

function gitText({ gitHead, gitDirty }: ShownRun): string | null {
  if (gitHead === null) return null;
  return `${gitHead}${gitDirty === true ? ' and changes' : ''}`;
}

function filterText({ changeFilter }: ShownRun): string {
  if (changeFilter === null) return 'none: nothing was left out';
  const { patterns, changedFiles } = changeFilter;
  const asked = named(counted(patterns.length, 'pattern'), patterns);
  return `${asked}; ${named(counted(changedFiles.length, 'changed file'), changedFiles)}`;
}

function named(count: string, names: readonly string[]): string {
  if (names.length === 0) return count;
  const more = names.length > mostNamed ? ', …' : '';
  return `${count} (${names.slice(0, mostNamed).join(', ')}${more})`;
}

function payloadRow(payload: ShownRunPayload): string[] {
  const { reused, durationMs, sizeBytes } = payload;
  return [
    oneLine(payload.id),
    payload.contentKey === null ? '' : shortKey(payload.contentKey),
    reused === null ? '' : reused ? 'hit' : 'built',
    durationMs === null ? '' : formatDuration(durationMs),
    sizeBytes === null ? 'not in the store any more' : formatBytes(sizeBytes),
    oneLine(payload.storePath),
  ];
}

function jobLines(jobs: readonly ShownJob[], style: Style): string[] {
  const rows = jobs.map((job) => {
    const verdict = verdictOf(job, style);
    const word = verdict.paint(`${verdict.symbol} ${oneLine(job.id)} ${verdict.word}`);
    return [`${word}${flakyWords(job, style)}`, jobFacts(job).join(', ')];
  });
  const heads = alignColumns(rows);
  return jobs.flatMap((job, index) => [heads[index] ?? '', ...jobDetails(job, style)]);
}

function jobFacts(job: ShownJob): string[] {
  const { durationMs, exitCode, attempt, artifactCount } = job;
  return [
    ...(durationMs === null || job.status === 'skipped' ? [] : [formatDuration(durationMs)]),
    ...(exitCode === null ? [] : [`exit code ${exitCode}`]),
    ...(attempt === 1 ? [] : [counted(attempt, 'attempt')]),
    ...(artifactCount === 0 ? [] : [counted(artifactCount, 'artifact')]),
    ...(job.runtime === null ? [] : [oneLine(runtimeWord(job.runtime))]),
  ];
}

function jobDetails(job: ShownJob, style: Style): string[] {
  const { failure, message, guestLogPath } = job;
  const said = failure?.message ?? (message === verdictOf(job, style).word ? null : message);
  return [
    ...(said === null ? [] : [`      ${oneLine(said)}`]),
    ...(failure === null ? [] : failureDetailLines(failure).map((line) => `    ${line}`)),
    ...failedTestLines(job.testResults, style).map((line) => `      ${line}`),
    ...job.notes.map((note) => `      note: ${oneLine(note)}`),
    ...job.services.map(
      (service) =>
        `      service ${oneLine(service.name)}: ${serviceText(service)}; its log: ${oneLine(service.logPath)}`,
    ),
    ...(job.status === 'failed' && guestLogPath !== null ? [`      log:   ${guestLogPath}`] : []),
  ];
}
