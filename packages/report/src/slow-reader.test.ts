import { EventEmitter } from 'node:events';
import type { RunEvent, UnstampedRunEvent } from '@pikaci/model';
import { exampleRunId as runId, jobRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { createReporter, type OutputFormat } from './reporter.js';

/** Takes as much as a pipe does, and then nothing until it is read. */
class SlowOutput extends EventEmitter {
  text = '';
  waiting = 0;
  write(text: string): boolean {
    this.text += text;
    this.waiting += text.length;
    return this.waiting < 1000;
  }
  read(): void {
    this.waiting = 0;
    this.emit('drain');
  }
}

function rig(format: OutputFormat, isTerminal = false) {
  const stdout = new SlowOutput();
  let nowMs = 0;
  let tick = (): void => undefined;
  const reporter = createReporter({
    format,
    stdout,
    isTerminal,
    color: false,
    columns: () => 80,
    rows: () => 24,
    verbose: true,
    clock: { now: () => new Date(0), monotonicMs: () => nowMs },
    ticker: (_, onTick) => {
      tick = onTick;
      return () => undefined;
    },
    recordPath: null,
  });
  const pass = (ms: number): void => {
    nowMs += ms;
    tick();
  };
  let sequence = 0;
  const send = (event: UnstampedRunEvent): void => {
    sequence += 1;
    const stamped: RunEvent = { ...event, sequence, time: '2026-03-07T00:00:01.000+00:00' };
    reporter.onEvent(stamped);
  };
  return { stdout, reporter, pass, send };
}

const started: UnstampedRunEvent = { event: 'job_started', runId, job: jobRecordOf('unit') };
const finished: UnstampedRunEvent = { event: 'job_finished', runId, job: jobRecordOf('unit') };
const lines = new TextEncoder().encode('a line of what the job prints\n'.repeat(100));

describe('a reader that is slower than the jobs', () => {
  it('misses lines of output, and is told how many and where they are when it goes on', () => {
    const { stdout, reporter, send } = rig('human');
    send(started);
    for (let round = 0; round < 1000; round += 1) reporter.onOutput('unit', 'stdout', lines);
    expect(stdout.text.length).toBeLessThan(1100);
    const shown = stdout.text.split('a line of').length - 1;
    stdout.read();
    const missing = `unit | … ${100_000 - shown} lines not shown here; see pikaci logs ${runId} --job unit\n`;
    expect(stdout.text.endsWith(missing)).toBe(true);
    reporter.onOutput('unit', 'stdout', new TextEncoder().encode('and on\n'));
    expect(stdout.text.endsWith('unit | and on\n')).toBe(true);
  });

  it('is told at the end of the job when it never went on, and misses no event', () => {
    const { stdout, reporter, send } = rig('human');
    send(started);
    for (let round = 0; round < 10; round += 1) reporter.onOutput('unit', 'stdout', lines);
    reporter.onPrepareOutput('prepare-x', lines);
    send(finished);
    expect(stdout.text).toMatch(/unit \| … \d+ lines not shown here; see pikaci logs/);
    expect(stdout.text).toMatch(/✓ unit passed/);
    stdout.read();
    expect(stdout.text.endsWith('prepare-x | … 100 lines not shown here\n')).toBe(true);
    expect(stdout.text.match(/not shown here/g)).toHaveLength(2);
  });

  it('misses drawings of the progress, not events', () => {
    const { stdout, pass, send, reporter } = rig('human', true);
    send(started);
    reporter.onOutput('unit', 'stdout', lines);
    pass(100);
    const { length } = stdout.text;
    for (let round = 0; round < 1000; round += 1) pass(1000);
    expect(stdout.text).toHaveLength(length);
    send(finished);
    reporter.close();
    expect(stdout.text).toMatch(/✓ unit passed/);
  });

  it('misses no event as JSON lines', () => {
    const { stdout, send } = rig('jsonl');
    for (let round = 0; round < 100; round += 1) send(started);
    expect(stdout.text.trim().split('\n')).toHaveLength(100);
  });
});
