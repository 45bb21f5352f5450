import { createIncusClient, type IncusClient } from '@pikaci/incus-client';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIncusWorkbench, labSettings, type IncusWorkbench } from './fixtures/incus-job.js';

/*
 * These tests kill the server that all tests share: they run alone.
 */

const lab = join(import.meta.dirname, '../../../tools/incus-lab/incus-lab.sh');

/** Kills the server, not its guests; another one answers when this resolves. */
async function crash(): Promise<void> {
  const folder = process.env['PIKACI_TEST_INCUS_LAB'];
  if (folder === undefined) throw new Error('PIKACI_TEST_INCUS_LAB is not set');
  await promisify(execFile)(lab, ['crash'], { env: { ...process.env, PIKACI_LAB: folder } });
}

let bench: IncusWorkbench;
beforeAll(async () => {
  bench = await createIncusWorkbench();
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

/** The names of all instances of this run. */
async function left(): Promise<readonly string[]> {
  const client = createIncusClient({ socketPath: labSettings().socket });
  const listed = await client.instances.list({
    filter: `config.user.pikaci.run-id eq ${bench.runId}`,
  });
  client.close();
  return listed.ok ? listed.value.map(({ name }) => name) : [listed.error.message];
}

describe('a restart of the server', () => {
  it('under a command does it no harm: all of its output and its artifacts are there', async () => {
    let crashed = null as Promise<void> | null;
    const lines = 40;
    const job = await bench.run(
      `i=0; while [ $i -lt ${lines} ]; do echo "line $i"; i=$((i+1)); sleep 0.1; done; echo x >"$PIKACI_ARTIFACTS/x"; exit 5`,
      {
        id: 'exec',
        onOutput: () => {
          crashed ??= crash();
        },
      },
    );
    await crashed;
    expect(job.outcome).toMatchObject({ exitCode: 5, failure: { kind: 'job' }, artifacts: ['x'] });
    expect(job.log).toBe([...Array(lines).keys()].map((line) => `line ${line}\n`).join(''));
    expect(job.left).toEqual([]);
    expect(await left()).toEqual([]);
  });

  it('while results are fetched loses none of them', async () => {
    const client = createIncusClient({ socketPath: labSettings().socket });
    let crashed = null as Promise<void> | null;
    const stat: IncusClient['files']['stat'] = async (...args) => {
      await (crashed ??= crash());
      return client.files.stat(...args);
    };
    const job = await bench.run('echo done; echo x >"$PIKACI_ARTIFACTS/x"', {
      id: 'collect',
      runtime: { client: { ...client, files: { ...client.files, stat } } },
    });
    expect(job.outcome).toMatchObject({ verdict: 'passed', artifacts: ['x'], notes: [] });
    expect(job.log).toBe('done\n');
    expect(await left()).toEqual([]);
  });

  it.each(['create', 'start', 'set up'])(
    'while it is asked to %s a guest is no fault of the job, and leaves nothing',
    async (step) => {
      const client = createIncusClient({ socketPath: labSettings().socket });
      let crashed = null as Promise<void> | null;
      const beside = <T>(isMeant: boolean, ask: () => Promise<T>): Promise<T> => {
        if (isMeant) crashed ??= crash();
        return ask();
      };
      const { instances } = client;
      const job = await bench.run('true', {
        id: step.replace(' ', '-'),
        runtime: {
          client: {
            ...client,
            instances: {
              ...instances,
              create: (...args) => beside(step === 'create', () => instances.create(...args)),
              setState: (...args) => beside(step === 'start', () => instances.setState(...args)),
            },
            execRecorded: (...args) =>
              beside(step === 'set up', () => client.execRecorded(...args)),
          },
        },
      });
      await crashed;
      const { verdict, failure } = job.outcome;
      // Whether the request was over before the server died is a matter of luck.
      expect([verdict, failure?.kind]).toBeOneOf([
        ['passed', undefined],
        ['failed', 'infrastructure'],
      ]);
      expect(job.left).toEqual([]);
      expect(await left()).toEqual([]);
    },
  );
});
