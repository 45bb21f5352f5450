import { fail, ok, type JobOutcome, type TestResults } from '@pikaci/model';
import {
  FakeReportReader,
  failedOutcome,
  fakePorts,
  fakeSnapshot,
  passedOutcome,
  runRequestOf,
  type FakePorts,
} from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { drivenRun, layout } from './driven-run.test.helper.js';
import { executeRun } from './execute-run.js';

const secret = 'hunter2-and-more';
const results: TestResults = {
  reports: 1,
  tests: 3,
  failed: 1,
  errors: 1,
  skipped: 0,
  seconds: 0.5,
  failedTests: [
    {
      name: `logs in with ${secret}`,
      suite: secret,
      className: secret,
      file: `${secret}.ts`,
      line: 3,
      kind: 'failure',
      message: `expected ${secret}`,
    },
  ],
  moreFailedTests: 1,
};
const withReports = { artifacts: ['out/a.xml'], reports: ['out/a.xml'] };
const config = {
  secrets: { TOKEN: { env: 'TOKEN' } },
  jobs: {
    unit: { run: 'x', secrets: ['TOKEN'], reports: { junit: 'out/*.xml' }, retry: { job: 1 } },
  },
};

async function execute(outcome: JobOutcome, reports: FakeReportReader) {
  const script = { reports, secrets: { TOKEN: secret }, process: { run: async () => outcome } };
  const ports = fakePorts(script);
  const ended = await executeRun({ ...runRequestOf(config), layout }, ports);
  if (!ended.ok) throw new Error(ended.error.message);
  return { job: ended.value.jobs[0]!, ports };
}

const reading = (notes: readonly string[] = []) =>
  new FakeReportReader(async () => ok({ results, notes }));
const memory = (ports: FakePorts) => ports.store.runs.get(layout.runId)!;

describe('executeRun, with test reports', () => {
  it('reads them after each attempt, and keeps what each of them says', async () => {
    const reports = reading(['b.xml is none']);
    const { job } = await execute({ ...failedOutcome('job'), ...withReports }, reports);
    expect(job).toMatchObject({ status: 'failed', attempt: 2, notes: ['b.xml is none'] });
    expect(job.testResults).toMatchObject({ tests: 3, failed: 1, errors: 1, moreFailedTests: 1 });
    expect(job.attempts[0]?.testResults).toEqual(job.testResults);
    const [first] = reports.requests;
    expect(reports.requests).toHaveLength(2);
    expect(first?.dir).toBe(`${layout.jobsDir}/unit/artifacts`);
    expect(first).toMatchObject({ paths: ['out/a.xml'], snapshotDir: fakeSnapshot().dir });
    expect(first?.masker.text(secret)).toBe('***');
  });

  it('lets no secret that is in them into a record or an event', async () => {
    const { ports } = await execute({ ...failedOutcome('job'), ...withReports }, reading());
    const { runs, jobs, events } = memory(ports);
    const everything = JSON.stringify([runs, jobs, events, ports.reporter.events]);
    expect(everything).toContain('logs in with ***');
    expect(everything).not.toContain(secret);
  });

  it('leaves a job passed whose reports tell of failed tests, and says so', async () => {
    const { job } = await execute({ ...passedOutcome(), ...withReports }, reading());
    expect(job).toMatchObject({ status: 'passed', testResults: { failed: 1 } });
    expect(job.notes).toEqual(['the job passed, although 2 of 3 tests failed in its reports']);
  });

  it.each([
    ['fails', async () => fail('infrastructure', 'no')],
    ['throws', async () => Promise.reject(new Error('no'))],
  ])('keeps the verdict when the reader %s', async (_, read) => {
    const reader = new FakeReportReader(read);
    const { job } = await execute({ ...passedOutcome(), ...withReports }, reader);
    expect(job).toMatchObject({ status: 'passed', testResults: null });
    expect(job.notes).toEqual([expect.stringContaining('no')]);
  });

  it('asks nobody for a job without reports', async () => {
    const reports = reading();
    const { job } = await execute(passedOutcome(), reports);
    expect(reports.requests).toEqual([]);
    expect(job.testResults).toBeNull();
  });

  it('reads nothing for who does not want to wait any more', async () => {
    const reports = reading();
    const run = drivenRun(config, {}, { reports, secrets: { TOKEN: secret } });
    const call = await run.next();
    run.cancel.abort('enough');
    run.force.abort();
    call.answer({ ...failedOutcome('cancelled'), ...withReports });
    expect((await run.ended).jobs[0]).toMatchObject({ status: 'failed', testResults: null });
    expect(reports.requests).toEqual([]);
  });
});
