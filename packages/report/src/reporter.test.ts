import { EventEmitter } from 'node:events';
import {
  failure,
  runEventCodec,
  runRecordCodec,
  type RunEvent,
  type UnstampedRunEvent,
} from '@pikaci/model';
import { exampleRunId as runId, jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { createReporter, type Reporter, type ReporterOptions } from './reporter.js';

class Captured extends EventEmitter {
  text = '';
  writes = 0;
  write(text: string): boolean {
    this.text += text;
    this.writes += 1;
    return true;
  }
}

function rig(options: Partial<ReporterOptions> = {}) {
  const stdout = new Captured();
  let nowMs = 0;
  let tick: (() => void) | null = null;
  let stopped = false;
  const reporter = createReporter({
    format: 'human',
    stdout,
    isTerminal: false,
    color: false,
    columns: () => 80,
    rows: () => 24,
    verbose: false,
    clock: { now: () => new Date(0), monotonicMs: () => nowMs },
    ticker: (_, onTick) => {
      tick = onTick;
      return () => {
        stopped = true;
      };
    },
    recordPath: '/state/run.json',
    ...options,
  });
  return {
    stdout,
    reporter,
    pass: (ms: number) => {
      nowMs += ms;
      tick?.();
    },
    stopped: () => stopped,
  };
}

function stamped(event: UnstampedRunEvent, sequence = 1): RunEvent {
  return { ...event, sequence, time: '2026-03-07T00:00:01.000+00:00' };
}

const send = (reporter: Reporter, ...events: UnstampedRunEvent[]) =>
  events.forEach((event, index) => reporter.onEvent(stamped(event, index + 1)));
const bytes = (text: string) => new TextEncoder().encode(text);

const started: UnstampedRunEvent = {
  event: 'run_started',
  runId,
  createdAt: '2026-03-07T00:00:01.000+00:00',
  rerunOf: null,
  targetId: 'pre-merge',
  targetDescription: null,
};
const jobStarted = (id: string): UnstampedRunEvent => ({
  event: 'job_started',
  runId,
  job: jobRecordOf(id, { status: 'running', finishedAt: null, exitCode: null }),
});
const red = jobRecordOf('lint', {
  status: 'failed',
  exitCode: 2,
  message: 'The command exited with 2',
  failureKind: 'job',
  failure: failure('job', 'The command exited with 2'),
});

describe('the human report without a terminal', () => {
  it('writes one plain line an event, and a summary', () => {
    const { reporter, stdout } = rig();
    const unit = jobRecordOf('unit');
    const skipped = jobRecordOf('e2e', {
      status: 'skipped',
      message: 'lint failed',
      exitCode: null,
    });
    send(
      reporter,
      started,
      { event: 'snapshot_taken', runId, hash: '5af0'.repeat(16), reused: false, durationMs: 40 },
      {
        event: 'plan_made',
        runId,
        planPath: '/p',
        prepareNodeIds: ['a', 'b'],
        jobIds: ['unit', 'lint', 'e2e'],
      },
      { event: 'prepare_started', runId, nodeId: 'prepare-deps', description: '' },
      {
        event: 'prepare_finished',
        runId,
        nodeId: 'prepare-deps',
        description: '',
        status: 'passed',
        reused: true,
        buildMs: 192_000,
        durationMs: 3,
        failure: null,
      },
      {
        event: 'prepare_finished',
        runId,
        nodeId: 'prepare-e2e-runner',
        description: '',
        status: 'passed',
        reused: null,
        buildMs: null,
        durationMs: 30,
        failure: null,
      },
      jobStarted('unit'),
      { event: 'job_phase', runId, jobId: 'unit', phase: 'launch_guest' },
      { event: 'job_phase', runId, jobId: 'unit', phase: 'collect_artifacts' },
    );
    reporter.onOutput('unit', 'stdout', bytes('not shown\n'));
    reporter.onOutput('lint', 'stderr', bytes('bad line'));
    send(
      reporter,
      { event: 'job_finished', runId, job: unit },
      { event: 'job_finished', runId, job: red },
      { event: 'job_skipped', runId, job: skipped },
      {
        event: 'run_finished',
        run: runRecordOf([unit, red, skipped], {
          status: 'failed',
          failureKind: 'job',
          failure: red.failure,
        }),
      },
    );
    expect(stdout.text).toBe(`run ${runId} of target pre-merge
✓ snapshot 5af05af05af0 taken in 40ms
plan: 2 to prepare, 3 to run
▸ prepare-deps started
✓ payload deps reused
✓ prepare-e2e-runner done in 30ms
▸ unit started (process)
  unit: collect artifacts
✓ unit passed in 3.2s
✗ lint failed after 3.2s: The command exited with 2
  its output; the whole log: /state/runs/${runId}/jobs/lint/artifacts/guest.log
  | bad line
  next: npx pikaci logs ${runId} --job lint
- e2e skipped: lint failed

run ${runId} failed in 9.0s: 1 passed, 1 failed, 1 skipped
  payloads: 1 of 1 reused, about 3m 12s of building saved
  ✗ lint failed: The command exited with 2
    logs:  npx pikaci logs ${runId} --job lint
  record: /state/run.json
  again:  npx pikaci run --failed
`);
  });

  it('offers no new run of what failed after one that was cancelled', () => {
    const { reporter, stdout } = rig();
    const run = runRecordOf([red], { status: 'failed', failureKind: 'cancelled' });
    send(reporter, { event: 'run_finished', run });
    expect(stdout.text).not.toContain('--failed');
  });

  it('shows the first line of what a long message of a job says, twice, and where the rest is', () => {
    const { reporter, stdout } = rig();
    const message = 'The build failed: gone\nnpm ERR! more\nnpm ERR! and more';
    const job = jobRecordOf('unit', { status: 'failed', failureKind: 'payload', message });
    send(reporter, { event: 'job_finished', runId, job });
    const run = runRecordOf([job], { status: 'failed', failureKind: 'payload' });
    send(reporter, { event: 'run_finished', run });
    expect(stdout.text.match(/unit payload failed.*: The build failed: gone …\n/gu)).toHaveLength(
      2,
    );
    expect(stdout.text).not.toContain('and more');
    expect(stdout.text).toContain(`npx pikaci logs ${runId} --job unit`);
  });

  it('misses no output of a job whose payload took too long', () => {
    const { reporter, stdout } = rig();
    const location = { nodeId: 'prepare-deps' };
    const late = failure('timeout', 'The build was ended after 1 s', { location });
    const job = jobRecordOf('unit', { status: 'failed', failureKind: 'timeout', failure: late });
    send(reporter, { event: 'job_finished', runId, job });
    expect(stdout.text).not.toContain('it printed nothing');
    expect(stdout.text).toContain(`next: npx pikaci logs ${runId} --job unit`);
  });

  it('calls runtimes by the names that people use', () => {
    const { reporter, stdout } = rig();
    const job = jobRecordOf('unit', { status: 'running', runtime: 'host_process' });
    send(reporter, { event: 'job_started', runId, job });
    expect(stdout.text).toBe('▸ unit started (process)\n');
  });

  it.each(['human', 'github'] as const)(
    'tells the notes of a job, also of one that passed: %s',
    (format) => {
      const { stdout, reporter } = rig({ format });
      const notes = ['artifact out/x holds the secret TOKEN', 'two\n::error::lines'];
      send(reporter, { event: 'job_finished', runId, job: jobRecordOf('unit', { notes }) });
      expect(stdout.text).toBe(
        '✓ unit passed in 3.2s\n  note: artifact out/x holds the secret TOKEN\n  note: two \\::error::lines\n',
      );
    },
  );

  it('shows the output of jobs with their names when it is verbose, and then does not repeat it', () => {
    const { reporter, stdout } = rig({ verbose: true });
    reporter.onOutput('lint', 'stdout', bytes('one\r\ntw'));
    reporter.onOutput('unit', 'stdout', bytes('::error::no\n'));
    reporter.onOutput('lint', 'stdout', bytes('o'));
    reporter.onPrepareOutput('prepare-deps', bytes('added\n'));
    send(reporter, { event: 'job_finished', runId, job: red });
    expect(stdout.text.split('\n')).toEqual([
      'lint | one',
      'unit | \\::error::no',
      'prepare-deps | added',
      'lint | two',
      '✗ lint failed after 3.2s: The command exited with 2',
      `  next: npx pikaci logs ${runId} --job lint`,
      '',
    ]);
  });

  it('shows only the last thirty lines of a failed job', () => {
    const { reporter, stdout } = rig();
    for (let i = 1; i <= 50; i++) reporter.onOutput('lint', 'stdout', bytes(`line ${i}\n`));
    send(reporter, { event: 'job_finished', runId, job: red });
    expect(stdout.text).toContain('the last 30 lines of its output');
    expect(stdout.text).toContain('  | line 21\n');
    expect(stdout.text).not.toContain('  | line 20\n');
  });

  it('does not repeat what a cancelled job printed', () => {
    const { reporter, stdout } = rig();
    reporter.onOutput('lint', 'stdout', bytes('half done\n'));
    const job = jobRecordOf('lint', { status: 'failed', failureKind: 'cancelled', message: null });
    send(reporter, { event: 'job_finished', runId, job });
    expect(stdout.text).toBe(`■ lint cancelled after 3.2s
  next: npx pikaci logs ${runId} --job lint
`);
  });

  it('tells a timeout and a broken machine apart from a red job', () => {
    const { reporter, stdout } = rig();
    const slow = jobRecordOf('slow', {
      status: 'failed',
      failureKind: 'timeout',
      failure: failure('timeout', 'No end within 60s'),
    });
    const gone = jobRecordOf('gone', {
      status: 'failed',
      failureKind: 'infrastructure',
      failure: failure('infrastructure', 'The instance vanished', {
        location: { instance: 'pikaci-gone' },
        reason: 'not found',
        hint: 'Look at the server.',
      }),
    });
    send(reporter, {
      event: 'run_finished',
      run: runRecordOf([red, slow, gone], { status: 'failed', failureKind: 'infrastructure' }),
    });
    expect(stdout.text).toContain('1 failed, 1 timed out, 1 infrastructure failure');
    expect(stdout.text).toContain('⧖ slow timed out: No end within 60s');
    expect(stdout.text).toContain(`  ! gone infrastructure failure: The instance vanished
    where: pikaci-gone
    why:   not found
    next:  Look at the server.
    logs:  npx pikaci logs ${runId} --job gone
`);
  });

  it('says why the run failed, once, and what was left behind', () => {
    const { reporter, stdout } = rig();
    const cancelled = failure('cancelled', 'The run was cancelled', { reason: 'received SIGINT' });
    const run = runRecordOf([], {
      status: 'failed',
      failureKind: 'cancelled',
      failure: cancelled,
      message: 'The run was cancelled: received SIGINT; instance ci-1 is left',
    });
    send(reporter, { event: 'run_finished', run });
    expect(stdout.text).toBe(`
run ${runId} cancelled in 9.0s
  The run was cancelled
  why:   received SIGINT
  instance ci-1 is left
  record: /state/run.json
  go on:  npx pikaci resume ${runId}
`);
  });

  it('shows why a payload could not be built, and what its build printed', () => {
    const { reporter, stdout } = rig();
    reporter.onPrepareOutput('prepare-deps', bytes('npm ERR! gone\n'));
    send(reporter, {
      event: 'prepare_finished',
      runId,
      nodeId: 'prepare-deps',
      description: '',
      status: 'failed',
      reused: null,
      buildMs: null,
      durationMs: 1500,
      failure: failure('payload', 'The build of "deps" exited with 1', { hint: 'Mend it.' }),
    });
    expect(stdout.text).toBe(`✗ prepare-deps failed after 1.5s
  The build of "deps" exited with 1
  next:  Mend it.
  its output
  | npm ERR! gone
`);
  });

  it('writes no escape sequence', () => {
    const { reporter, stdout } = rig({ verbose: true });
    reporter.onOutput('lint', 'stdout', bytes('\u001b[31mred\u001b[2J\n'));
    send(reporter, started, jobStarted('lint'), { event: 'job_finished', runId, job: red });
    expect(stdout.text).not.toContain('\u001b');
  });
});

describe('the human report on a terminal', () => {
  it('draws what runs below the lines that stay, and erases it before the next lines', () => {
    const { reporter, stdout, pass } = rig({ isTerminal: true });
    const jobIds = ['unit', 'lint', 'e2e'];
    send(
      reporter,
      { event: 'plan_made', runId, planPath: '/p', prepareNodeIds: [], jobIds },
      jobStarted('unit'),
    );
    pass(12_000);
    expect(stdout.text).toBe('▸ unit     12s\n⠋ 0 of 3 jobs done, 1 running, 2 waiting\n');
    stdout.text = '';
    send(reporter, { event: 'job_finished', runId, job: red });
    pass(100);
    expect(stdout.text.startsWith('\u001b[2A\r\u001b[0J✗ lint failed after 3.2s')).toBe(true);
    expect(stdout.text).toMatch(/⠙ 1 of 3 jobs done, 1 failed, 1 running, 1 waiting\n$/u);
    stdout.text = '';
    send(reporter, { event: 'job_finished', runId, job: jobRecordOf('unit') });
    pass(100);
    expect(stdout.text).toBe('\u001b[2A\r\u001b[0J✓ unit passed in 3.2s\n');
  });

  it('writes of the block only the lines that changed', () => {
    const { reporter, stdout, pass } = rig({ isTerminal: true });
    send(reporter, jobStarted('unit'), jobStarted('lint'));
    pass(100);
    stdout.text = '';
    pass(100);
    expect(stdout.text).toBe('\u001b[1A\r⠙ getting ready\u001b[K\u001b[1B\r');
    stdout.text = '';
    send(reporter, { event: 'job_phase', runId, jobId: 'unit', phase: 'launch_guest' });
    pass(100);
    expect(stdout.text).toBe(
      '\u001b[3A\r▸ unit      0s  launch guest\u001b[K\u001b[2B\r⠹ getting ready\u001b[K\u001b[1B\r',
    );
  });

  it('shows what a job printed last, on one line and without colours', () => {
    const { reporter, stdout, pass } = rig({ isTerminal: true, color: true, columns: () => 30 });
    send(reporter, jobStarted('unit'));
    reporter.onOutput('unit', 'stdout', bytes('first\n\u001b[32mok\u001b[0m 2\t漢字漢字漢字\n\n'));
    pass(1000);
    expect(stdout.text.split('\n')[0]).toBe('▸ unit      1s  \u001b[2mok 2 漢字漢…\u001b[22m');
  });

  it('shows no line twice when it is verbose', () => {
    const { reporter, stdout, pass } = rig({ isTerminal: true, verbose: true });
    send(reporter, jobStarted('unit'));
    reporter.onOutput('unit', 'stdout', bytes('first\n'));
    pass(1000);
    expect(stdout.text).toMatch(/^unit \| first\n/u);
    expect(stdout.text.match(/first/gu)).toHaveLength(1);
  });

  it('draws ten times a second at most, however much is printed, and loses no line', () => {
    const { reporter, stdout, pass } = rig({ isTerminal: true, verbose: true });
    send(reporter, jobStarted('unit'));
    pass(100);
    stdout.writes = 0;
    for (let line = 0; line < 190; line += 1) {
      reporter.onOutput('unit', 'stdout', bytes(`line ${line}\n`));
    }
    expect(stdout.writes).toBe(0);
    pass(100);
    expect(stdout.writes).toBe(1);
    expect(stdout.text.match(/unit \| line \d+\n/gu)).toHaveLength(190);
    for (let line = 0; line < 1000; line += 1) reporter.onOutput('unit', 'stdout', bytes('more\n'));
    expect(stdout.writes).toBeLessThan(6);
    expect(stdout.text.match(/more/gu)!.length).toBeGreaterThan(800);
    reporter.close();
    expect(stdout.text.match(/more/gu)).toHaveLength(1000);
  });

  it('erases all rows that the block takes in a window that was made narrower', () => {
    let columns = 80;
    const { reporter, stdout, pass } = rig({ isTerminal: true, columns: () => columns });
    send(reporter, jobStarted('a-job-with-a-name-of-thirty-chars'));
    pass(100);
    stdout.text = '';
    columns = 20;
    pass(100);
    // 44 columns in three rows of twenty, and one more row.
    expect(stdout.text.startsWith('\u001b[4A\r\u001b[0J▸ a-job-w…')).toBe(true);
  });

  it('writes nothing between two redraws that look the same, and stops its timer at the end', () => {
    const { reporter, stdout, pass, stopped } = rig({ isTerminal: true });
    pass(100);
    expect(stdout.writes).toBe(0);
    reporter.close();
    expect(stopped()).toBe(true);
  });

  it('keeps every line of the block narrower than the terminal, and the block low', () => {
    const { reporter, stdout, pass } = rig({ isTerminal: true, columns: () => 20 });
    for (let i = 0; i < 40; i++) send(reporter, jobStarted(`job-with-a-long-name-${i}`));
    pass(1000);
    const block = stdout.text.split('\n').slice(0, -1);
    expect(block.every((line) => Array.from(line).length < 20)).toBe(true);
    expect(block).toHaveLength(12);
    expect(block[10]).toBe('  and 30 more');
  });

  it('takes the block away when it is closed in the middle', () => {
    const { reporter, stdout, pass } = rig({ isTerminal: true });
    send(reporter, jobStarted('unit'));
    pass(100);
    stdout.text = '';
    reporter.close();
    expect(stdout.text).toBe('\u001b[2A\r\u001b[0J');
  });
});

describe('the reports for programs', () => {
  const run = runRecordOf([jobRecordOf('unit')]);

  it('writes the final record alone as json', () => {
    const { reporter, stdout } = rig({ format: 'json' });
    send(reporter, started, jobStarted('unit'));
    reporter.onOutput('unit', 'stdout', bytes('noise\n'));
    expect(stdout.text).toBe('');
    send(reporter, { event: 'run_finished', run });
    expect(stdout.text).toBe(`${JSON.stringify(runRecordCodec.encode(run), null, 2)}\n`);
  });

  it('writes each event as one line as it happens as jsonl', () => {
    const { reporter, stdout } = rig({ format: 'jsonl' });
    send(reporter, started);
    expect(stdout.text).toBe(`${JSON.stringify(runEventCodec.encode(stamped(started)))}\n`);
    reporter.onPrepareOutput('prepare-deps', bytes('noise\n'));
    send(reporter, { event: 'run_finished', run });
    expect(
      stdout.text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as RunEvent).event),
    ).toEqual(['run_started', 'run_finished']);
  });

  it.each(['human', 'json', 'jsonl'] as const)(
    'goes on as %s when its reader has gone away',
    (format) => {
      const { reporter, stdout } = rig({ format });
      send(reporter, started);
      stdout.emit('error', new Error('EPIPE'));
      const writes = stdout.writes;
      send(reporter, { event: 'run_finished', run });
      expect(stdout.writes).toBe(writes);
    },
  );

  it('goes on when writing throws', () => {
    const { reporter, stdout } = rig({ format: 'jsonl' });
    stdout.write = () => {
      throw new Error('EIO');
    };
    expect(() => send(reporter, started)).not.toThrow();
  });
});
