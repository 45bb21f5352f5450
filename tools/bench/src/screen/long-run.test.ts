import { describe, expect, it } from 'vitest';
import { momentsOf, type LongRun } from './long-run.js';

const run: LongRun = { jobs: 20, atOnce: 5, jobSeconds: 2, linesPerSecond: 10 };

describe('the run that a screen is measured with', () => {
  const moments = momentsOf(run);

  it('is told in order, and has each job begin and end once', () => {
    expect(moments.map(({ atMs }) => atMs)).toEqual(
      moments.map(({ atMs }) => atMs).toSorted((one, other) => one - other),
    );
    const events = moments.flatMap((moment) => ('event' in moment ? [moment.event.event] : []));
    expect(events.filter((name) => name === 'job_started')).toHaveLength(run.jobs);
    expect(events.filter((name) => name === 'job_finished')).toHaveLength(run.jobs);
  });

  it('never has more jobs running than it says, and has as many most of the time', () => {
    let running = 0;
    const counts = moments.flatMap((moment) => {
      if (!('event' in moment)) return [running];
      if (moment.event.event === 'job_started') running += 1;
      if (moment.event.event === 'job_finished') running -= 1;
      return [];
    });
    expect(Math.max(...counts)).toBe(run.atOnce);
    expect(counts.filter((count) => count >= run.atOnce - 1).length).toBeGreaterThan(
      counts.length / 2,
    );
  });

  it('prints only of jobs that run', () => {
    const running = new Set<string>();
    for (const moment of moments) {
      if ('jobId' in moment) expect(running).toContain(moment.jobId);
      else if (moment.event.event === 'job_started') running.add(moment.event.job.id);
      else if (moment.event.event === 'job_finished') running.delete(moment.event.job.id);
    }
  });
});
