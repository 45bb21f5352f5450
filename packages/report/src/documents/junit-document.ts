import { describeFailure, type JobAttemptRecord, type JobRecord } from '@pikaci/model';
import { durationBetween } from '../text/duration.js';
import { logTailText, type RunDocument } from './run-document.js';
import { testSuiteLines } from './junit-tests.js';
import { xmlAttributes, xmlText } from './xml-text.js';

/**
 * A run as JUnit XML: a suite for the run, a case for each job, and for each job that failed a suite of the tests which
 * failed in its own reports. A job whose own command failed, or ran into its limit, is
 * a failure, with the end of its log, or skipped if it may fail; one that the machine failed, or somebody cancelled, is an error; earlier attempts
 * are told as Maven's Surefire does, with `flakyFailure` for a job that passed in the end and `rerunFailure` for others.
 */
export function formatJunit({ record, logTails }: RunDocument): string {
  const { jobs } = record;
  const counts = countsOf(jobs.map(verdictElement));
  const redJobs = jobs.filter((job) => ['failure', 'error'].includes(verdictElement(job) ?? ''));
  const tests = redJobs.flatMap((job) => job.testResults?.failedTests ?? []);
  const all = countsOf([...jobs.map(verdictElement), ...tests.map(({ kind }) => kind)]);
  const time = seconds(durationBetween(record.createdAt, record.finishedAt));
  const suite = { name: record.targetId ?? 'pikaci', ...counts, time };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes({ name: 'pikaci', ...all, time })}>`,
    `  <testsuite${xmlAttributes({ ...suite, timestamp: record.createdAt, id: record.runId })}>`,
    ...propertyLines({ run_id: record.runId, git_head: record.gitHead }, '    '),
    ...jobs.flatMap((job) => caseLines(suite.name, job, logTailText(logTails.get(job.id)))),
    '  </testsuite>',
    ...redJobs.flatMap((job) => testSuiteLines(suite.name, job)),
    '</testsuites>',
    '',
  ].join('\n');
}

type VerdictElement = 'failure' | 'error' | 'skipped';

function countsOf(ends: readonly (VerdictElement | null)[]): Record<string, number> {
  const count = (element: VerdictElement): number => ends.filter((end) => end === element).length;
  return {
    tests: ends.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

/** Null for a job that passed. */
function verdictElement({ status, failureKind, allowedFailure }: JobRecord): VerdictElement | null {
  switch (status) {
    case 'passed':
      return null;
    case 'skipped':
      return 'skipped';
    case 'running':
      return 'error';
    case 'failed':
      if (allowedFailure) return 'skipped';
      return isOfTheJob(failureKind) ? 'failure' : 'error';
    default: {
      const never: never = status;
      return never;
    }
  }
}

function isOfTheJob(kind: JobRecord['failureKind']): boolean {
  return kind === null || kind === 'job' || kind === 'timeout' || kind === 'payload';
}

function caseLines(suite: string, job: JobRecord, log: string): readonly string[] {
  const time = seconds(durationBetween(job.startedAt, job.finishedAt));
  const element = verdictElement(job);
  const lines = [
    ...propertyLines({ runtime: job.runtime, attempt: job.attempt }, '      '),
    ...job.attempts.map((attempt) => attemptLine(attempt, job)),
    ...(element === null ? [] : [verdictLine(element, job, log)]),
  ];
  const attributes = xmlAttributes({ name: job.id, classname: suite, time });
  return [`    <testcase${attributes}>`, ...lines, '    </testcase>'];
}

function attemptLine(attempt: JobAttemptRecord, { flaky }: JobRecord): string {
  const element = flaky ? 'flakyFailure' : 'rerunFailure';
  const attributes = { message: attempt.message, type: attempt.failureKind ?? 'job' };
  return `      <${element}${xmlAttributes(attributes)}/>`;
}

function verdictLine(element: VerdictElement, job: JobRecord, log: string): string {
  const told = job.failure === null ? job.message : describeFailure(job.failure);
  const message = job.status === 'running' ? 'it had not ended' : told;
  const type = element === 'skipped' ? null : (job.failureKind ?? 'job');
  const start = `      <${element}${xmlAttributes({ message, type })}`;
  return element === 'skipped' || log === ''
    ? `${start}/>`
    : `${start}>${xmlText(log)}</${element}>`;
}

function propertyLines(
  properties: Readonly<Record<string, string | number | null>>,
  indent: string,
): readonly string[] {
  const lines = Object.entries(properties).flatMap(([name, value]) =>
    value === null ? [] : [`${indent}  <property${xmlAttributes({ name, value })}/>`],
  );
  return lines.length === 0 ? [] : [`${indent}<properties>`, ...lines, `${indent}</properties>`];
}

/** As JUnit has it; null where it is not known. */
function seconds(durationMs: number | null): string | null {
  return durationMs === null ? null : (durationMs / 1000).toFixed(3);
}
