import type { JobOutcome } from '@pikaci/model';
import { hasSmallDisks, runOnSmallDisk } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import type { FullDiskJob } from './fixtures/full-disk-job.js';

/** Runs a job whose state root is on a disk of 1 MiB. */
async function run(job: Partial<FullDiskJob>): Promise<JobOutcome> {
  const asked = { prints: 0, leaves: {}, exitCode: 0, job: {}, ...job };
  const helper = new URL('fixtures/full-disk-job.ts', import.meta.url);
  return (await runOnSmallDisk(helper, 1024, asked)) as JobOutcome;
}

const infrastructure = {
  kind: 'infrastructure',
  reason: expect.stringContaining('ENOSPC') as string,
  hint: expect.stringContaining('pikaci gc') as string,
};
const big = 1_500_000;

describe.skipIf(!hasSmallDisks())('a disk of the state root that becomes full', () => {
  it('under the log of a job that passes is no green job', async () => {
    const outcome = await run({ prints: big });
    expect(outcome).toMatchObject({ verdict: 'failed', exitCode: 0, failure: infrastructure });
    expect(outcome.failure?.message).toBe("the job's output could not be written");
    expect(outcome.notes.join('\n')).toMatch(/is not complete: ENOSPC.* bytes are missing/);
  });

  it('under the log of a job that fails by itself leaves it red', async () => {
    const outcome = await run({ prints: big, exitCode: 7 });
    expect(outcome).toMatchObject({ exitCode: 7, failure: { kind: 'job' } });
    expect(outcome.notes.join('\n')).toMatch(/is not complete: ENOSPC/);
  });

  it.each([
    ['an artifact', { artifacts: ['*.bin'] }],
    ['a report', { reports: { junit: ['*.bin'] } }],
  ])('under %s of a job that passes is no green job', async (_, job) => {
    const outcome = await run({ leaves: { 'big.bin': big }, job });
    expect(outcome).toMatchObject({
      verdict: 'failed',
      exitCode: 0,
      failure: { ...infrastructure, message: "the job's artifacts could not be kept" },
      artifacts: [],
    });
    expect(outcome.notes[0]).toContain('Artifact big.bin could not be collected: ENOSPC');
  });

  it('under an artifact of a job that fails by itself leaves it red', async () => {
    const outcome = await run({
      leaves: { 'big.bin': big },
      exitCode: 3,
      job: { artifacts: ['*.bin'] },
    });
    expect(outcome).toMatchObject({ exitCode: 3, failure: { kind: 'job' }, artifacts: [] });
    expect(outcome.notes[0]).toContain('Artifact big.bin could not be collected: ENOSPC');
  });
});
