import { mkdirSync, renameSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { openLimitedLog } from '@pikaci/host';
import { attemptLayout } from '@pikaci/paths';
import { exampleRunId, jobRecordOf } from '@pikaci/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordedRun, runningJob, type StartedCommand } from '../watch/recorded-run.test.helper.js';

let run: RecordedRun;
beforeEach(() => {
  run = new RecordedRun();
});
afterEach(() => run.remove());

const stdout = ({ io }: StartedCommand) => io.stdout.text;
const guest = (...argv: readonly string[]) => ['logs', 'latest', '--kind', 'guest', ...argv];

describe('logs --tail', () => {
  beforeEach(() => {
    run.log('unit', 'host', 'h1\nh2\nh3\n');
    run.log('unit', 'guest', 'g1\ng2\ng3\nno end');
    run.ended([jobRecordOf('unit')]);
  });

  it('prints the last lines of each log', async () => {
    const started = run.start(['logs', '--tail', '2']);
    expect(await started.code).toBe(0);
    expect(stdout(started)).toBe('== unit host ==\nh2\nh3\n== unit guest ==\ng3\nno end');
  });

  it('prints all of a log that has no more lines, and refuses what is no number of lines', async () => {
    const started = run.start(guest('--tail', '99'));
    expect(await started.code).toBe(0);
    expect(stdout(started)).toBe('g1\ng2\ng3\nno end');
    expect(await run.start(guest('--tail', '0')).code).toBe(2);
  });
});

describe('logs of nothing', () => {
  it('says that a run has no jobs, and why', async () => {
    run.ended([], { status: 'skipped', message: 'nothing selected: every job passed' });
    const started = run.start(['logs']);
    expect(await started.code).toBe(0);
    expect(started.io.stderr.text).toMatch(
      /^run \S+ has no jobs: nothing selected: every job passed\n$/u,
    );
  });

  it('says that no job has failed', async () => {
    run.ended([jobRecordOf('unit')]);
    const started = run.start(['logs', 'latest', '--failed']);
    expect(await started.code).toBe(0);
    expect(started.io.stderr.text).toMatch(/^no job of run \S+ has failed\n$/u);
  });
});

describe('logs --follow', () => {
  const follow = (...argv: readonly string[]) => run.start(guest('--follow', ...argv));

  it('prints what there is and what is appended, byte for byte, until the job has ended', async () => {
    run.running([runningJob('unit'), runningJob('slow')]);
    run.log('unit', 'guest', 'first\nhalf a');
    const started = follow('--job', 'unit');
    await started.waits();
    expect(stdout(started)).toBe('first\nhalf a');
    run.log('unit', 'guest', ' line\n\u001b[2J');
    await started.looksAgain();
    expect(stdout(started)).toBe('first\nhalf a line\n\u001b[2J');
    run.log('unit', 'guest', 'the end');
    run.running([jobRecordOf('unit'), runningJob('slow')]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toBe('first\nhalf a line\n\u001b[2Jthe end');
    expect(started.io.stderr.text).toBe('');
  });

  it('waits for the log of a job that has not begun, and refuses one that never will', async () => {
    run.running([]);
    const started = follow('--job', 'unit');
    await started.waits();
    const planPath = run.plan(['unit']);
    run.running([], { planPath });
    await started.looksAgain();
    run.running([runningJob('unit')], { planPath });
    await started.looksAgain();
    run.log('unit', 'guest', 'begun\n');
    await started.looksAgain();
    expect(stdout(started)).toBe('begun\n');
    run.ended([jobRecordOf('unit')]);
    expect(await started.ends()).toBe(0);

    run.running([], { planPath });
    const never = follow('--job', 'nope');
    expect(await never.code).toBe(2);
    expect(never.io.stderr.text).toContain('has no job "nope"');
    expect(never.io.stderr.text).toContain('It has unit.');
  });

  it('follows all jobs as they come, whole lines under headings, until the run has ended', async () => {
    run.running([runningJob('one')]);
    run.log('one', 'guest', 'a\nb');
    const started = run.start(['logs', '--follow']);
    await started.waits();
    run.log('two', 'host', '[pikaci] begins\n');
    run.running([runningJob('one'), runningJob('two')]);
    await started.looksAgain();
    run.log('two', 'guest', 'two');
    run.log('one', 'guest', 'c\n');
    // That all its jobs have ended is not the end of the run.
    run.running([jobRecordOf('one'), jobRecordOf('two')]);
    await started.looksAgain();
    run.ended([jobRecordOf('one'), jobRecordOf('two')]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toBe(
      '== one guest ==\na\n== two host ==\n[pikaci] begins\n== one guest ==\nbc\n== two guest ==\ntwo',
    );
  });

  it('begins with the last lines of what is there, and prints all of what comes', async () => {
    run.running([runningJob('unit')]);
    run.log('unit', 'guest', '1\n2\n3\n');
    const started = follow('--job', 'unit', '--tail', '1');
    await started.waits();
    run.log('unit', 'guest', '4\n5\n6\n');
    run.ended([jobRecordOf('unit')]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toBe('3\n4\n5\n6\n');
  });

  it('prints all of a log that was not there at first', async () => {
    run.running([]);
    const started = follow('--job', 'unit', '--tail', '1');
    await started.waits();
    run.log('unit', 'guest', '1\n2\n');
    run.running([runningJob('unit')]);
    await started.looksAgain();
    run.ended([jobRecordOf('unit')]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toBe('1\n2\n');
  });

  it('ends at once for a run that has ended, with the logs that it shows without --follow', async () => {
    run.log('good', 'guest', 'good\n');
    run.log('bad', 'guest', 'bad\n');
    run.ended([jobRecordOf('good'), jobRecordOf('bad', { status: 'failed', failureKind: 'job' })], {
      status: 'failed',
      failureKind: 'job',
    });
    const started = run.start(['logs', '--follow', '--kind', 'guest']);
    expect(await started.code).toBe(0);
    expect(stdout(started)).toBe('bad\n');
  });

  it('ends with 130 at a signal, and leaves the run alone', async () => {
    run.running([runningJob('unit')]);
    run.log('unit', 'guest', 'on\n');
    const started = follow('--job', 'unit');
    await started.waits();
    started.io.signals.emit('SIGINT');
    expect(await started.code).toBe(130);
    expect(stdout(started)).toBe('on\n');
    expect(started.io.signals.eventNames()).toEqual([]);
  });

  it('ends at a signal also in the middle of a long log', async () => {
    run.running([runningJob('unit')]);
    run.log('unit', 'guest', 'a line\n'.repeat(100_000));
    const started = follow('--job', 'unit');
    started.io.stdout.write = (_, written) => {
      started.io.signals.emit('SIGINT');
      written?.();
      return started.io.stdout.chunks.push(Buffer.alloc(1)) > 0;
    };
    expect(await started.code).toBe(130);
    expect(started.io.stdout.chunks).toHaveLength(1);
  });

  it('ends when nobody reads any more', async () => {
    run.running([runningJob('unit')]);
    const started = follow();
    await started.waits();
    started.io.stdout.emit('error', new Error('EPIPE'));
    expect(await started.code).toBe(0);
  });

  it('ends when the process of the run is gone, with what is there, and says so', async () => {
    run.running([runningJob('unit')]);
    const started = follow('--job', 'unit');
    await started.waits();
    run.log('unit', 'guest', 'last words');
    run.abandoned([runningJob('unit')]);
    expect(await started.ends()).toBe(3);
    expect(stdout(started)).toBe('last words');
    expect(started.io.stderr.text).toContain(`Nobody runs the run ${exampleRunId} any more`);
  });

  it('goes on with the next attempt', async () => {
    run.running([runningJob('unit')]);
    run.log('unit', 'guest', 'first try\n');
    const started = follow('--job', 'unit');
    await started.waits();
    run.log('unit', 'guest', 'fails\n');
    const { artifactsDir: aside } = attemptLayout(run.job('unit'), 1);
    mkdirSync(dirname(aside), { recursive: true });
    renameSync(run.job('unit').artifactsDir, aside);
    await started.looksAgain();
    run.log('unit', 'guest', 'again, and longer than before\n');
    run.ended([jobRecordOf('unit', { attempt: 2 })]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toBe('first try\nfails\nagain, and longer than before\n');
    expect(started.io.stderr.text).toBe('the log of unit guest begins anew\n');
  });

  it('prints a log again that is written anew', async () => {
    run.running([runningJob('unit')]);
    run.log('unit', 'guest', 'damaged\n');
    const started = follow('--job', 'unit');
    await started.waits();
    truncateSync(run.job('unit').guestLog);
    run.log('unit', 'guest', 'whole\n');
    run.ended([jobRecordOf('unit')]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toBe('damaged\nwhole\n');
    expect(started.io.stderr.text).toContain('begins anew');
  });

  it('goes on behind the mark in a log that went over its limit', async () => {
    run.running([runningJob('unit')]);
    run.log('unit', 'guest', '');
    const opened = await openLimitedLog(run.job('unit').guestLog, 40);
    if (!opened.ok) throw new Error(opened.error.message);
    const log = opened.value;
    await log.append(Buffer.from('h'.repeat(40)));
    const started = follow('--job', 'unit');
    await started.waits();
    await log.append(Buffer.from('t'.repeat(100)));
    await started.looksAgain();
    await log.close();
    run.ended([jobRecordOf('unit')]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toMatch(/^h{40}\n\[pikaci\] … 100 bytes left out here .*\nt{20}$/u);
    expect(started.io.stderr.text).toBe('');
  });

  it('makes what is shown on a terminal harmless', async () => {
    run.running([runningJob('unit')]);
    run.log('unit', 'guest', '\u001b]0;owned\u0007::er');
    const started = run.start(guest('--follow', '--job', 'unit'), { stdoutIsTerminal: true });
    await started.waits();
    run.log('unit', 'guest', 'ror::x\n');
    run.ended([jobRecordOf('unit')]);
    expect(await started.ends()).toBe(0);
    expect(stdout(started)).toBe('\\::error::x\n');
  });

  it('is no way to look at an earlier attempt', async () => {
    run.running([runningJob('unit')]);
    const started = follow('--job', 'unit', '--attempt', '1');
    expect(await started.code).toBe(2);
    expect(started.io.stderr.text).toContain('cannot be used with option');
  });
});
