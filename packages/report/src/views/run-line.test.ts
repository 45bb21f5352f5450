import { jobRecordOf, runRecordOf } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import { formatRunLine } from './run-line.js';

describe('formatRunLine', () => {
  it('has the run, its status, its target and its time, with tabs between', () => {
    expect(formatRunLine(runRecordOf([], { status: 'failed' }))).toBe(
      '20260307T000001Z-aaaa0001\tfailed\tpre-merge\t2026-03-07T00:00:01.000+00:00',
    );
  });

  it('names the first job where there is no target, and nothing where there is no job', () => {
    const jobs = [jobRecordOf('unit'), jobRecordOf('lint')];
    expect(formatRunLine(runRecordOf(jobs, { targetId: null })).split('\t')[2]).toBe('unit');
    expect(formatRunLine(runRecordOf([], { targetId: null })).split('\t')[2]).toBe('-');
  });

  it('has four fields on one line, whatever a record says', () => {
    const line = formatRunLine(runRecordOf([], { targetId: 'a\tb\nc\u001b[2Jd' }));
    expect(line.split('\t')).toHaveLength(4);
    expect(line).toContain('\ta b cd\t');
  });
});
