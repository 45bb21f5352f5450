import { EventEmitter } from 'node:events';
import { failure, type RunEvent, type UnstampedRunEvent } from '@pikaci/model';
import { exampleRunId as runId, jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { createReporter, type OutputFormat } from './reporter.js';
import { formatRunStatus } from './views/status-view.js';

class Captured extends EventEmitter {
  text = '';
  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

function rig(format: OutputFormat = 'human') {
  const stdout = new Captured();
  const reporter = createReporter({
    format,
    stdout,
    isTerminal: false,
    color: false,
    columns: () => 80,
    rows: () => 24,
    verbose: false,
    clock: { now: () => new Date(0), monotonicMs: () => 0 },
    ticker: () => () => undefined,
    recordPath: null,
  });
  const send = (...events: UnstampedRunEvent[]) => {
    for (const event of events) {
      const stamped: RunEvent = { ...event, sequence: 1, time: '2026-03-07T00:00:01Z' };
      reporter.onEvent(stamped);
    }
  };
  return { stdout, reporter, send };
}

const red = jobRecordOf('unit', {
  status: 'failed',
  exitCode: 1,
  message: 'exit code 1',
  failureKind: 'job',
  failure: failure('job', 'exit code 1'),
});
const flaky = jobRecordOf('unit', {
  attempt: 2,
  flaky: true,
  attempts: [
    {
      attempt: 1,
      status: 'failed',
      startedAt: red.startedAt,
      finishedAt: red.finishedAt,
      exitCode: 1,
      message: 'exit code 1',
      failureKind: 'job',
      testResults: null,
      hostLogPath: '/state/attempts/1/host.log',
      guestLogPath: '/state/attempts/1/guest.log',
    },
  ],
});

describe('the human report of a job of several attempts', () => {
  it('tells of each attempt with what it printed, and calls the job flaky', () => {
    const { stdout, reporter, send } = rig();
    reporter.onOutput('unit', 'stdout', new TextEncoder().encode('first try\n'));
    send(
      { event: 'job_attempt_finished', runId, job: red, retryInMs: 1000 },
      { event: 'job_started', runId, job: { ...flaky, status: 'running', flaky: false } },
      { event: 'job_finished', runId, job: flaky },
      { event: 'run_finished', run: runRecordOf([flaky, jobRecordOf('lint')]) },
    );
    expect(stdout.text).toContain('✗ unit failed after 3.2s: exit code 1; attempt 2 in 1.0s\n');
    expect(stdout.text).toContain('  | first try\n');
    expect(stdout.text).toContain('▸ unit started (process, attempt 2)\n');
    expect(stdout.text).toContain('✓ unit passed (flaky: passed on attempt 2) in 3.2s\n');
    expect(stdout.text).toContain(': 2 passed, 1 of them flaky\n');
  });

  it('shows the attempts in the status', () => {
    const status = { abandoned: false, payloads: [], recordPath: '/r' };
    const text = formatRunStatus({ ...status, record: runRecordOf([flaky]) });
    expect(text).toContain('✓ unit passed (flaky: passed on attempt 2)');
    expect(text).toMatch(
      /attempt 1\s+job: exit code 1; its log: \/state\/attempts\/1\/guest\.log/u,
    );
  });

  it('says for whom a job waits', () => {
    const { stdout, send } = rig();
    const inside = ['job deploy of run 1'];
    send({ event: 'job_waiting', runId, jobId: 'unit', group: 'deploy', inside });
    expect(stdout.text).toBe('… unit waits for group deploy: job deploy of run 1\n');
  });
});

describe('a warning', () => {
  it('is a line for people, and nothing on the standard output of programs', () => {
    const human = rig();
    human.reporter.onWarning('TOKEN is short\u001b[2J');
    expect(human.stdout.text).toBe('warning: TOKEN is short\n');
    for (const format of ['json', 'jsonl'] as const) {
      const programs = rig(format);
      programs.reporter.onWarning('TOKEN is short');
      expect(programs.stdout.text).toBe('');
    }
  });
});
