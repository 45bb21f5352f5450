import { failure, failureKinds } from '@pikaci/model';
import { jobRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { failureOrder, runVerdict } from './verdict.js';

const nothing = {
  forFailures: new Set<string>(),
  early: null,
  storeFailure: null,
  stopped: null,
};
const failed = (id: string, kind: 'job' | 'timeout', message: string) =>
  jobRecordOf(id, { status: 'failed', failureKind: kind, failure: failure(kind, message) });

describe('runVerdict', () => {
  it('has a place for every kind of failure', () => {
    expect([...failureOrder].sort()).toEqual([...failureKinds].sort());
  });

  it('takes the first job, in the order of the plan, of the kind that counts most', () => {
    const jobs = [
      failed('a', 'job', 'a'),
      failed('b', 'timeout', 'b'),
      failed('c', 'timeout', 'c'),
    ];
    expect(runVerdict({ ...nothing, jobs })).toMatchObject({
      status: 'failed',
      failureKind: 'timeout',
      failure: { message: 'b' },
      message: null,
    });
  });

  it('does not call a run cancelled in which every job had passed', () => {
    const jobs = [jobRecordOf('a')];
    expect(
      runVerdict({ ...nothing, jobs, stopped: { kind: 'cancel', reason: 'late' } }).status,
    ).toBe('passed');
  });

  it('does not count failures that are allowed, nor jobs for failures that did not happen', () => {
    const allowed = { ...failed('a', 'timeout', 'a'), allowedFailure: true };
    const jobs = [allowed, jobRecordOf('tidy', { status: 'skipped' })];
    const given = { ...nothing, forFailures: new Set(['tidy']) };
    expect(runVerdict({ ...given, jobs }).status).toBe('passed');
    const verdict = runVerdict({ ...given, jobs: [...jobs, failed('b', 'job', 'b')] });
    expect(verdict).toMatchObject({ failureKind: 'job', failure: { message: 'b' } });
  });

  it('fails a run in which jobs were left out although nothing failed', () => {
    const jobs = [jobRecordOf('a', { status: 'skipped' })];
    expect(runVerdict({ ...nothing, jobs })).toMatchObject({ failureKind: 'internal' });
  });
});
