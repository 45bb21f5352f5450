import { jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { createStyle, visibleWidth } from '../text/style.js';
import { fitToScreen, runChangeLines } from './watch-view.js';

const line = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);

describe('a block for a terminal', () => {
  it('is all there is when that fits, with a row for the cursor', () => {
    expect(fitToScreen(line(23), { columns: 80, rows: 24 })).toEqual(line(23));
  });

  it('keeps the first line and the last ones, and says how many it leaves out', () => {
    expect(fitToScreen(line(10), { columns: 80, rows: 6 })).toEqual([
      'line 1',
      '… 6 lines are not shown here',
      'line 8',
      'line 9',
      'line 10',
    ]);
    expect(fitToScreen(line(10), { columns: 80, rows: 1 })).toHaveLength(3);
  });

  it('is narrower than the terminal, colours not counted, and no colour stays on', () => {
    const { red, bold } = createStyle(true);
    const text = `${bold('run')} ${red('failed badly')} and more`;
    const [cut] = fitToScreen([text], { columns: 12, rows: 24 });
    expect(cut).toBe(`${bold('run')} ${red('failed…')}`);
    expect(visibleWidth(cut!)).toBe(11);
    const whole = visibleWidth(text);
    expect(fitToScreen([text], { columns: whole + 1, rows: 24 })).toEqual([text]);
    expect(visibleWidth(fitToScreen([text], { columns: 5, rows: 24 })[0]!)).toBe(4);
    expect(fitToScreen([text], { columns: 1, rows: 24 })).toEqual(['']);
  });
});

describe('what changed in a run', () => {
  const running = (id: string, attempt = 1) =>
    jobRecordOf(id, { status: 'running', finishedAt: null, attempt });
  const run = (...jobs: ReturnType<typeof jobRecordOf>[]) =>
    runRecordOf(jobs, { status: 'running', finishedAt: null });
  const lines = (
    before: ReturnType<typeof run> | null,
    record: ReturnType<typeof run>,
    abandoned = false,
  ) => runChangeLines(before, { record, abandoned });

  it('is all there is at the first look', () => {
    expect(lines(null, run(jobRecordOf('unit'), running('e2e')))).toEqual([
      'run 20260307T000001Z-aaaa0001 running',
      '✓ unit passed in 3.2s',
      '▸ e2e started (process)',
    ]);
  });

  it('is a job that began, was tried again or ended', () => {
    const before = run(running('unit'), running('e2e'));
    expect(lines(before, run(running('unit'), running('e2e')))).toEqual([]);
    const failed = jobRecordOf('unit', { status: 'failed', failureKind: 'job', message: 'no' });
    expect(lines(before, run(failed, running('e2e', 2), running('new')))).toEqual([
      '✗ unit failed after 3.2s: no',
      '▸ e2e started (process, attempt 2)',
      '▸ new started (process)',
    ]);
  });

  it('is, last, the end of the run, or that nobody runs it any more', () => {
    const before = run(running('unit'));
    expect(lines(before, runRecordOf([jobRecordOf('unit')]))).toEqual([
      '✓ unit passed in 3.2s',
      'run 20260307T000001Z-aaaa0001 passed in 9.0s',
    ]);
    expect(lines(before, before, true)).toEqual(['run 20260307T000001Z-aaaa0001 abandoned']);
  });
});
