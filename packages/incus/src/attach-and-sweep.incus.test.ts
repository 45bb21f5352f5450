import { createIncusClient } from '@pikaci/incus-client';
import type { ProcessOwner } from '@pikaci/model';
import { instanceName } from '@pikaci/paths';
import { hostname } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createIncusWorkbench, labSettings, type IncusWorkbench } from './fixtures/incus-job.js';
import { markKeys } from './marks.js';

/** The owner that a test says is gone: this very process has to play it. */
const dead: ProcessOwner = { pid: 1, host: hostname(), bootId: 'earlier', startTicks: '1' };

let bench: IncusWorkbench;
let other: IncusWorkbench;
beforeAll(async () => {
  bench = await createIncusWorkbench();
  other = await createIncusWorkbench();
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});
const client = createIncusClient({ socketPath: labSettings().socket });
const names: string[] = [];
afterEach(async () => {
  for (const name of names.splice(0)) await client.instances.remove(name);
});

/** Starts a job as a process does that is killed then; resolves when it prints. */
async function begin(on: IncusWorkbench, id: string, command: string) {
  let seen: () => void = () => undefined;
  const isSeen = new Promise<void>((resolve) => (seen = resolve));
  const killed = createIncusClient({ socketPath: labSettings().socket });
  const stop = new AbortController();
  const runtime = on.runtime({
    runtime: { processOwner: dead, client: cutClient(killed, stop.signal) },
    pause: () => new Promise(() => undefined),
  });
  const { execution } = await on.execution(command, { id, onOutput: () => seen() });
  names.push(instanceName(on.runId, id));
  void runtime.run(execution);
  await isSeen;
  stop.abort();
  return execution;
}

/** A client whose exec connections are cut by a signal, as those of a process that is killed. */
function cutClient(
  client: ReturnType<typeof createIncusClient>,
  signal: AbortSignal,
): ReturnType<typeof createIncusClient> {
  return {
    ...client,
    exec: (instance, command, options) => client.exec(instance, command, { ...options, signal }),
    instances: {
      ...client.instances,
      remove: () => new Promise(() => undefined),
      get: (name, options) =>
        signal.aborted ? new Promise(() => undefined) : client.instances.get(name, options),
    },
    files: {
      ...client.files,
      read: (...args) =>
        signal.aborted ? new Promise(() => undefined) : client.files.read(...args),
    },
  };
}

describe('a job whose process was killed', () => {
  it('is gone on with: not a byte of its output is lost or doubled, and its artifacts are there', async () => {
    const execution = await begin(
      bench,
      'attached',
      'for i in 1 2 3 4 5 6; do echo "line $i"; sleep 0.2; done; echo x >"$PIKACI_ARTIFACTS/x"; exit 6',
    );
    const runtime = bench.runtime();
    const outcome = await runtime.attach(execution);
    expect(outcome).toMatchObject({ exitCode: 6, failure: { kind: 'job' }, artifacts: ['x'] });
    const { guestLogPath } = execution.job.hostContext;
    const { readFile } = await import('node:fs/promises');
    expect(await readFile(guestLogPath, 'utf8')).toBe(
      [1, 2, 3, 4, 5, 6].map((line) => `line ${line}\n`).join(''),
    );
    expect(await runtime.close()).toEqual([]);
    expect((await client.instances.get(instanceName(bench.runId, 'attached'))).ok).toBe(false);
  });

  it('has ended by itself at its time limit, and says so', async () => {
    const execution = await begin(bench, 'unattended', 'echo here; sleep 600');
    const runtime = bench.runtime();
    const [outcome] = await Promise.all([
      runtime.attach({ ...execution, signal: AbortSignal.timeout(60_000) }),
      client.execRecorded(instanceName(bench.runId, 'unattended'), {
        command: ['sh', '-c', 'kill -s ALRM "$(cat /var/lib/pikaci/output/started/pid)"'],
      }),
    ]);
    expect(outcome?.failure?.kind).toBe('timeout');
    await runtime.close();
  });

  it('has its instance swept, and no other one is touched', async () => {
    await begin(bench, 'swept', 'echo here; sleep 600');
    await begin(other, 'kept', 'echo here; sleep 600');
    const lookAlike = 'pikaci-0123456789ab';
    names.push(lookAlike);
    const alias = await client.images.getAlias(labSettings().image);
    await client.instances.create({
      name: lookAlike,
      type: 'container',
      fingerprint: alias.ok ? alias.value.fingerprint : '',
      config: { [markKeys.run]: bench.runId, [markKeys.stateRoot]: bench.stateRoot },
    });
    const runtime = bench.runtime();
    const { signal } = new AbortController();
    const living = await runtime.sweep({ signal, isAbandoned: () => Promise.resolve(false) });
    expect(living).toEqual({ removed: [], problems: [] });
    const report = await runtime.sweep({
      signal,
      isAbandoned: ({ owner }) => Promise.resolve(owner?.bootId === dead.bootId),
    });
    const swept = instanceName(bench.runId, 'swept');
    expect(report).toEqual({
      removed: [`instance ${swept} of run ${bench.runId}`],
      problems: [],
    });
    await runtime.close();
    const isThere = async (name: string) => (await client.instances.get(name)).ok;
    expect(await isThere(swept)).toBe(false);
    expect(await isThere(instanceName(other.runId, 'kept'))).toBe(true);
    expect(await isThere(lookAlike)).toBe(true);
  });
});
