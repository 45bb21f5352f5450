import { EventEmitter } from 'node:events';
import { failure, type JobRecord, type UnstampedRunEvent } from '@pikaci/model';
import { exampleRunId as runId, jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { createReporter, type OutputFormat } from '../reporter.js';

class Captured extends EventEmitter {
  text = '';
  isFull = false;
  write(text: string): boolean {
    this.text += text;
    return !this.isFull;
  }
}

function rig(format: OutputFormat, options: { isTerminal?: boolean; verbose?: boolean } = {}) {
  const stdout = new Captured();
  const reporter = createReporter({
    format,
    stdout,
    isTerminal: options.isTerminal ?? false,
    color: false,
    columns: () => 80,
    rows: () => 24,
    verbose: options.verbose ?? false,
    clock: { now: () => new Date(0), monotonicMs: () => 0 },
    ticker: () => () => undefined,
    recordPath: '/state/run.json',
  });
  const send = (...events: UnstampedRunEvent[]) => {
    for (const event of events) reporter.onEvent({ ...event, sequence: 1, time: '' });
  };
  const print = (jobId: string, text: string) =>
    reporter.onOutput(jobId, 'stdout', new TextEncoder().encode(text));
  return { stdout, reporter, send, print, lines: () => stdout.text.split('\n') };
}

const unit = jobRecordOf('unit');
const red = jobRecordOf('lint', {
  status: 'failed',
  exitCode: 2,
  message: 'exit code 2',
  failureKind: 'job',
  failure: failure('job', 'exit code 2: 100%, they said'),
});
const finished = (job: JobRecord): UnstampedRunEvent => ({ event: 'job_finished', runId, job });
const built = (status: 'passed' | 'failed', reused: boolean | null): UnstampedRunEvent => ({
  event: 'prepare_finished',
  runId,
  nodeId: 'prepare-deps',
  description: '',
  status,
  reused,
  buildMs: null,
  durationMs: 3,
  failure: status === 'failed' ? failure('payload', 'it does not build') : null,
});
const runFinished: UnstampedRunEvent = {
  event: 'run_finished',
  run: runRecordOf([unit, red], { status: 'failed', failureKind: 'job', failure: red.failure }),
};

describe('the report for GitHub Actions', () => {
  it('shows the output of each job in a group of its own, and each failure as an error', () => {
    const { send, print, lines } = rig('github');
    print('unit', 'one\n');
    print('lint', 'bad\n');
    print('unit', 'two');
    send(finished(unit), finished(red), runFinished);
    expect(lines()).toEqual([
      '::group::unit',
      'one',
      'two',
      '::endgroup::',
      '✓ unit passed in 3.2s',
      '::group::lint',
      'bad',
      '::endgroup::',
      '✗ lint failed after 3.2s: exit code 2',
      `  next: npx pikaci logs ${runId} --job lint`,
      '::error title=lint%3A failed::exit code 2: 100%25, they said%0A%0Abad',
      '',
      `run ${runId} failed in 9.0s: 1 passed, 1 failed`,
      '  ✗ lint failed: exit code 2: 100%, they said',
      `    logs:  npx pikaci logs ${runId} --job lint`,
      '  record: /state/run.json',
      '  again:  npx pikaci run --failed',
      '',
    ]);
  });

  it('lets nothing that a job prints be a command, nor end its group', () => {
    const { send, print, lines } = rig('github');
    print('lint', '::endgroup::\r::error::a\n##[error]b\n \x1b[31m::set-output name=x::y\n::stop-');
    print('lint', 'commands::z\n');
    send(finished(red));
    expect(lines().join()).not.toContain('\x1b');
    const commands = lines().filter((line) => /^\s*::|##\[/u.test(line));
    expect(commands).toEqual([
      '::group::lint',
      '::endgroup::',
      expect.stringMatching(/^::error title=lint%3A failed::/u),
    ]);
  });

  it('groups what the build of a payload printed, and makes no group of nothing', () => {
    const { reporter, send, stdout } = rig('github');
    reporter.onPrepareOutput('prepare-deps', new TextEncoder().encode('added 3\n'));
    send(built('failed', null), built('passed', true), finished(unit), runFinished);
    expect(stdout.text).toContain('::group::prepare-deps\nadded 3\n::endgroup::\n✗ prepare-deps');
    expect(stdout.text).not.toContain('::group::unit');
    expect(stdout.text).toContain('\n  payloads: 1 of 1 reused\n');
  });

  it('keeps the last thousand lines of a job, and says so', () => {
    const { send, print, lines } = rig('github');
    for (let i = 1; i <= 1002; i++) print('unit', `line ${i}\n`);
    send(finished(unit));
    expect(lines().slice(0, 3)).toEqual(['::group::unit', '… 2 lines before these', 'line 3']);
  });

  it('annotates why a run failed that no job tells of, and a job that passed later', () => {
    const { send, stdout } = rig('github');
    const gone = failure('snapshot', 'no space left', { hint: 'make some' });
    send(finished(jobRecordOf('shaky', { flaky: true, attempt: 2 })), {
      event: 'run_finished',
      run: runRecordOf([], { status: 'failed', failureKind: 'snapshot', failure: gone }),
    });
    expect(stdout.text).toContain(
      '::warning title=shaky is flaky::it passed on attempt 2\n' +
        '::error title=run%3A snapshot failed::no space left',
    );
  });

  it('leaves the output out for a reader that is too slow, and keeps the rest', () => {
    const { stdout, send, print } = rig('github');
    stdout.isFull = true;
    send({ event: 'job_started', runId, job: unit });
    print('unit', 'one\ntwo\n');
    send(finished(unit));
    expect(stdout.text).toContain('unit | … 2 lines not shown here\n✓ unit passed');
    expect(stdout.text).not.toContain('two');
  });
});

describe('the quiet report', () => {
  it('is one line when all is well', () => {
    const { send, print, stdout } = rig('quiet', { isTerminal: true, verbose: true });
    print('unit', 'one\n');
    send({ event: 'job_started', runId, job: unit }, built('passed', true), finished(unit), {
      event: 'run_finished',
      run: runRecordOf([unit]),
    });
    expect(stdout.text).toBe(`run ${runId} passed in 9.0s: 1 passed\n`);
  });

  it('tells of failures with what was printed last', () => {
    const { reporter, send, print, lines } = rig('quiet');
    print('lint', 'bad\n');
    reporter.onPrepareOutput('prepare-deps', new TextEncoder().encode('no such package\n'));
    send(built('failed', null), finished(unit), finished(red), runFinished);
    expect(lines()).toEqual([
      '✗ prepare-deps failed after 3ms',
      '  it does not build',
      '  its output',
      '  | no such package',
      '✗ lint failed after 3.2s: exit code 2',
      `  its output; the whole log: /state/runs/${runId}/jobs/lint/artifacts/guest.log`,
      '  | bad',
      `  next: npx pikaci logs ${runId} --job lint`,
      `run ${runId} failed in 9.0s: 1 passed, 1 failed`,
      '',
    ]);
  });

  it('says that a signal was heard, and why a run failed that no job tells of', () => {
    const { send, stdout } = rig('quiet');
    const run = runRecordOf([], {
      status: 'failed',
      failureKind: 'cancelled',
      failure: failure('cancelled', 'The run was cancelled'),
    });
    send(
      { event: 'cancel_requested', runId, jobId: null, now: false, reason: 'received SIGINT' },
      { event: 'run_finished', run },
    );
    expect(stdout.text).toContain('cancelling… (again to stop at once): received SIGINT\n');
    expect(stdout.text).toContain('cancelled in 9.0s\n  The run was cancelled\n');
  });
});
