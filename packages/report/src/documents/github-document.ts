import { describeFailure, type FailedTest, type JobRecord, type RunRecord } from '@pikaci/model';
import { verdictOf } from '../human/verdict.js';
import { githubCommand, type GithubPlace } from '../github/github-command.js';
import { neutraliseText } from '../output/neutralise.js';
import {
  failedCount,
  failedTestsText,
  shownTests,
  testPlace,
  testTitle,
} from '../tests/failed-tests.js';
import { firstLine } from '../text/first-line.js';
import { oneLine } from '../text/one-line.js';
import { durationBetween, formatDuration } from '../text/duration.js';
import { plainStyle } from '../text/style.js';
import { logTailText, type LogTail, type RunDocument } from './run-document.js';

/** GitHub takes 64 KiB, and shows the first few lines: more than a screen is of no use there. */
const mostAnnotationCharacters = 4096;

/**
 * Workflow commands that make GitHub Actions show each job that failed: an error each, and a warning for one that may fail
 * or that passed on a later attempt. All of it is one line each, escaped, so that nothing of it is a command of its own.
 */
export function githubAnnotations({ record, logTails }: RunDocument): readonly string[] {
  return record.jobs.flatMap((job) => jobAnnotations(job, logTails.get(job.id)));
}

/** What there is to say of one job; nothing of one that passed at once, or did not run. */
export function jobAnnotations(job: JobRecord, tail: LogTail | undefined): readonly string[] {
  if (job.status === 'failed') {
    const told = neutraliseText(toldOf(job));
    const log = lastOf(logTailText(tail), mostAnnotationCharacters - told.length);
    const text = log === '' ? told : `${told}\n\n${log}`;
    const level = job.allowedFailure ? 'warning' : 'error';
    const title = `${job.id}: ${verdictOf(job, plainStyle).word}`;
    return [githubCommand(level, title, text), ...testAnnotations(job, level)];
  }
  const text = `it passed on attempt ${job.attempt}`;
  return job.flaky ? [githubCommand('warning', `${job.id} is flaky`, text)] : [];
}

/** As many as GitHub shows of a step, one each; those whose file is known beside their line. */
function testAnnotations(job: JobRecord, level: 'error' | 'warning'): readonly string[] {
  return (job.testResults?.failedTests ?? []).slice(0, shownTests).map((test) => {
    const title = `${job.id}: ${testTitle(test)}`;
    const message = neutraliseText(test.message ?? 'the test failed');
    return githubCommand(level, title, message.slice(0, mostAnnotationCharacters), placeOf(test));
  });
}

/** A file that is not told as one of the repository would be shown nowhere. */
function placeOf({ file, line }: FailedTest): GithubPlace | null {
  const isOutside = file === null || /^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)/i.test(file);
  return isOutside ? null : { file: oneLine(file), line };
}

function lastOf(text: string, most: number): string {
  return text.slice(Math.max(0, text.length - Math.max(0, most)));
}

function toldOf(job: JobRecord): string {
  return job.failure === null ? (job.message ?? 'it failed') : describeFailure(job.failure);
}

/** A run as Markdown, for the summary of a step of GitHub Actions or a comment: a table of its jobs, and why jobs failed. */
export function githubSummary({ record, logTails }: RunDocument): string {
  const { word, symbol } = verdictOf(record, plainStyle);
  const failed = record.jobs.filter((job) => job.status === 'failed');
  return [
    `### ${symbol} ${cell(record.targetId ?? 'pikaci')}: ${word}`,
    '',
    '| job | result | time | why |',
    '| --- | --- | --- | --- |',
    ...record.jobs.map(rowOf),
    ...failed.flatMap((job) => testLines(job)),
    ...failed.flatMap((job) => detailLines(job.id, logTailText(logTails.get(job.id)))),
    '',
    `Run \`${record.runId}\`${headOf(record)}.`,
    '',
  ].join('\n');
}

function rowOf(job: JobRecord): string {
  const { symbol, word } = verdictOf(job, plainStyle);
  const durationMs = durationBetween(job.startedAt, job.finishedAt);
  const result = `${symbol} ${word}${job.flaky ? ` (flaky, attempt ${job.attempt})` : ''}`;
  const why = job.status === 'passed' ? '' : toldOf(job);
  const time = durationMs === null ? '' : formatDuration(durationMs);
  return `| ${[job.id, result, time, why].map(cell).join(' | ')} |`;
}

/** The failed tests of a job as a list below a line that counts them. */
function testLines({ id, testResults }: JobRecord): readonly string[] {
  if (testResults === null || failedCount(testResults) === 0) return [];
  const items = testResults.failedTests.slice(0, shownTests).map((test) => {
    const place = testPlace(test);
    const where = place === '' ? '' : ` (${cell(place)})`;
    const why = test.message === null ? '' : `: ${cell(firstLine(test.message))}`;
    return `- **${cell(testTitle(test))}**${where}${why}`;
  });
  const more = failedCount(testResults) - items.length;
  const rest = more === 0 ? [] : [`- … and ${more} more`];
  return ['', `**${cell(id)}**: ${failedTestsText(testResults)}`, '', ...items, ...rest];
}

function detailLines(jobId: string, log: string): readonly string[] {
  if (log === '') return [];
  const fence = '`'.repeat(longestRun(log) + 3);
  const summary = `<details><summary>${cell(jobId)}: the end of its log</summary>`;
  return ['', summary, '', `${fence}text`, log, fence, '', '</details>'];
}

/** The most backticks in a row: a fence has to be longer. */
function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

function headOf({ gitHead, gitDirty }: RunRecord): string {
  if (gitHead === null) return '';
  return ` of ${gitHead.slice(0, 12)}${gitDirty === true ? ' with changes' : ''}`;
}

/** Text that is only text in a cell of a table, whatever it holds. */
function cell(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>|#&~]/g, (character) => `\\${character}`);
}
