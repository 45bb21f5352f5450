import type { JobOutcome } from '@pikaci/model';
import { hasSmallDisks, runOnSmallDisk } from '@pikaci/testkit';
import { describe, expect, it } from 'vitest';
import type { FullDiskJob } from './full-disk.test.helper.js';

/** Runs a job on a disk of 4 MiB. */
async function run(command: string, job: Partial<FullDiskJob> = {}): Promise<JobOutcome> {
  const asked = { command, namespaces: 'auto', ...job };
  const helper = new URL('full-disk.test.helper.ts', import.meta.url);
  return (await runOnSmallDisk(helper, 4096, asked)) as JobOutcome;
}

const infrastructure = {
  kind: 'infrastructure',
  reason: expect.stringContaining('ENOSPC') as string,
  hint: expect.stringContaining('pikaci gc') as string,
};
const print = `head -c 6000000 /dev/zero | tr '\\0' a`;
const write = (name: string) => `head -c 2500000 /dev/zero >${name}`;

describe.skipIf(!hasSmallDisks())('a disk that becomes full', () => {
  it('under the log of a job that passes is no green job', async () => {
    const outcome = await run(`${print}; exit 0`);
    expect(outcome).toMatchObject({ verdict: 'failed', exitCode: 0, failure: infrastructure });
    expect(outcome.failure?.message).toBe("the job's output could not be written");
    expect(outcome.notes.join('\n')).toMatch(/is not complete: ENOSPC.* bytes are missing/);
  });

  it('under the log of a job that fails by itself leaves it red', async () => {
    const outcome = await run(`${print}; exit 7`);
    expect(outcome).toMatchObject({ exitCode: 7, failure: { kind: 'job' } });
    expect(outcome.notes.join('\n')).toMatch(/is not complete: ENOSPC/);
  });

  it.each(['auto', 'never'] as const)(
    'under an artifact of a job that passes is no green job (namespaces: %s)',
    async (namespaces) => {
      const command = `mkdir out; echo 1 >out/a; ${write('out/big')}; echo 2 >out/c`;
      const outcome = await run(command, { artifacts: ['out'], namespaces });
      expect(outcome).toMatchObject({
        verdict: 'failed',
        exitCode: 0,
        failure: { ...infrastructure, message: "the job's artifacts could not be kept" },
        artifacts: ['out/a', 'out/c'],
      });
      const note =
        'the artifact out/big could not be kept: ENOSPC: no space left on device, copyfile';
      expect(outcome.notes).toEqual([note]);
    },
  );

  it('under an artifact of a job that fails by itself leaves it red', async () => {
    const outcome = await run(`${write('big')}; exit 3`, { artifacts: ['big'] });
    expect(outcome).toMatchObject({ exitCode: 3, failure: { kind: 'job' }, artifacts: [] });
    expect(outcome.notes[0]).toContain('the artifact big could not be kept: ENOSPC');
  });

  it('under a report of a job that passes is no green job', async () => {
    const outcome = await run(write('r.xml'), { reports: { junit: ['*.xml'] } });
    expect(outcome).toMatchObject({ exitCode: 0, failure: infrastructure, reports: [] });
    expect(outcome.notes[0]).toContain('the report r.xml could not be kept: ENOSPC');
  });
});
