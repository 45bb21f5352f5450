import { jobRecordOf, exampleRunId } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordedRun, runningJob } from '../watch/recorded-run.test.helper.js';

let run: RecordedRun;
beforeEach(() => {
  run = new RecordedRun();
});
afterEach(() => run.remove());

const failedJob = jobRecordOf('unit', { status: 'failed', failureKind: 'job', exitCode: 3 });

describe('status', () => {
  it('is that of the latest run unless told', async () => {
    run.ended([jobRecordOf('unit')]);
    const started = run.start(['status']);
    expect(await started.code).toBe(0);
    expect(started.io.stdout.text).toContain(`run ${exampleRunId} passed in 9.0s\n`);
  });
});

describe('status --watch', () => {
  it('prints a line for each change of a job, until the run has ended', async () => {
    run.running([runningJob('unit')]);
    const started = run.start(['status', 'latest', '--watch']);
    await started.waits();
    // A sign of life alone is no change.
    run.running([runningJob('unit')]);
    await started.looksAgain();
    run.running([failedJob, runningJob('e2e')]);
    await started.looksAgain();
    run.ended([failedJob, jobRecordOf('e2e')], { status: 'failed', failureKind: 'job' });
    expect(await started.ends()).toBe(0);
    expect(started.io.stdout.text).toBe(
      [
        `run ${exampleRunId} running`,
        '▸ unit started (process)',
        '✗ unit failed after 3.2s',
        '▸ e2e started (process)',
        '✓ e2e passed in 3.2s',
        `run ${exampleRunId} failed in 9.0s`,
        '',
      ].join('\n'),
    );
  });

  it('draws the view in place on a terminal, cut to its size, and leaves all of it there', async () => {
    const ticks: (() => void)[] = [];
    run.running([runningJob('unit')]);
    const started = run.start(['status', '--watch'], {
      stdoutIsTerminal: true,
      columns: () => 30,
      rows: () => 6,
      ticker: (_, onTick) => {
        ticks.push(onTick);
        return () => void ticks.splice(0);
      },
    });
    await started.waits();
    const drawn = () => {
      const from = started.io.stdout.text.length;
      for (const tick of ticks) tick();
      return started.io.stdout.text.slice(from);
    };
    const first = drawn();
    expect(first.split('\n')).toHaveLength(6);
    expect(first).toContain('▸ unit running');
    expect(first).toContain('lines are not shown here');
    expect(drawn()).toBe('');
    run.running([failedJob, runningJob('e2e')]);
    await started.looksAgain();
    const second = drawn();
    expect(second).toContain('▸ e2e running');
    // Rows that are the same are left alone.
    expect(second).not.toContain('\u001b[0J');
    expect(second).not.toContain(exampleRunId);
    run.ended([failedJob, jobRecordOf('e2e')], { status: 'failed', failureKind: 'job' });
    const before = started.io.stdout.text.length;
    expect(await started.ends()).toBe(0);
    const last = started.io.stdout.text.slice(before);
    expect(last.startsWith('\u001b[5A\r\u001b[0J')).toBe(true);
    expect(last).toContain('✗ unit failed');
    expect(last).toContain('✓ e2e passed');
    expect(last).not.toContain('not shown here');
    expect(ticks).toEqual([]);
  });

  it('ends at once for a run that has ended', async () => {
    run.ended([jobRecordOf('unit')]);
    const started = run.start(['status', '--watch']);
    expect(await started.code).toBe(0);
    expect(started.io.stdout.text).toContain('✓ unit passed');
  });

  it('gives programs the record at the end as json, and each change as jsonl', async () => {
    run.running([runningJob('unit')]);
    const json = run.start(['status', '--watch', '--json']);
    const jsonl = run.start(['status', '--watch', '--output', 'jsonl']);
    await Promise.all([json.waits(), jsonl.waits()]);
    run.running([runningJob('unit')], {
      owner: {
        pid: process.pid,
        host: 'elsewhere',
        bootId: null,
        startTicks: null,
        heartbeatAt: 'later',
      },
    });
    await Promise.all([json.looksAgain(), jsonl.looksAgain()]);
    run.ended([jobRecordOf('unit')]);
    expect(await Promise.all([json.ends(), jsonl.ends()])).toEqual([0, 0]);
    expect(JSON.parse(json.io.stdout.text)).toMatchObject({ status: 'passed' });
    const records = jsonl.io.stdout.text.trimEnd().split('\n');
    expect(records.map((text) => JSON.parse(text) as unknown)).toMatchObject([
      { status: 'running', jobs: [{ id: 'unit', status: 'running' }] },
      { status: 'passed' },
    ]);
  });

  it('ends with 130 at a signal, and with 3 when the process of the run is gone', async () => {
    run.running([runningJob('unit')]);
    const interrupted = run.start(['status', '--watch']);
    await interrupted.waits();
    interrupted.io.signals.emit('SIGINT');
    expect(await interrupted.code).toBe(130);

    const abandoned = run.start(['status', '--watch']);
    await abandoned.waits();
    run.abandoned([runningJob('unit')]);
    expect(await abandoned.ends()).toBe(3);
    expect(abandoned.io.stdout.text).toContain(`run ${exampleRunId} abandoned\n`);
    expect(abandoned.io.stderr.text).toContain('Nobody runs the run');
  });
});
