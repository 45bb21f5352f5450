import { currentOwner } from '@pikaci/host';
import { jobInstanceSpec, markKeys } from '@pikaci/incus';
import { createIncusClient, type Devices, type IncusClient } from '@pikaci/incus-client';
import { incusRuntimeSchema, makeRunId } from '@pikaci/model';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { BenchPlace } from '../machine/bench-place.js';
import { valueOf } from '../machine/value-of.js';
import { administer } from './administer.js';
import { findLab } from './lab.js';

/** A server with a pool of its own, so that instances lie on the same file system as the trees. */
export interface BenchServer {
  readonly client: IncusClient;
  readonly version: string;
  /** Creates and starts an instance as pikaci does for a job, and gives its name. */
  start(jobId: string, devices: Devices): Promise<string>;
  remove(name: string): Promise<void>;
  /** Where the host has an instance's root directory. */
  rootOf(name: string): string;
}

export async function openBenchServer(place: BenchPlace): Promise<BenchServer> {
  const { cleanUp } = place;
  const { socket, image } = await findLab(cleanUp);
  const client = createIncusClient({ socketPath: socket });
  const runId = makeRunId(new Date(), randomBytes(4));
  const name = `pikaci-bench-${runId.slice(-8)}`;
  const pool = place.freshDirectory('pool');
  cleanUp.add('close the connections to Incus', () => Promise.resolve(client.close()));
  cleanUp.add('remove the pool', () => administer(socket, 'DELETE', `/1.0/storage-pools/${name}`));
  await administer(socket, 'POST', '/1.0/storage-pools', poolOf(name, pool));
  cleanUp.add('remove the profile', () => administer(socket, 'DELETE', `/1.0/profiles/${name}`));
  await administer(socket, 'POST', '/1.0/profiles', profileOf(name));
  cleanUp.add('remove the instances', () => removeAll(client, runId));
  const { fingerprint } = valueOf(await client.images.getAlias(image));
  const config = incusRuntimeSchema.parse({ profiles: [name] });
  return {
    client,
    version: valueOf(await client.server()).serverVersion,
    rootOf: (instance) => join(pool, 'containers', instance, 'rootfs'),
    remove: async (instance) => valueOf(await client.instances.remove(instance)),
    start: async (jobId, devices) => {
      const { dir: stateRoot } = place;
      const owner = await currentOwner();
      const job = { runId, jobId, attempt: 1, limits: {}, owner };
      const spec = jobInstanceSpec({ ...job, stateRoot, fingerprint, devices, config });
      valueOf(await client.instances.create(spec));
      valueOf(await client.instances.setState(spec.name, { action: 'start' }));
      return spec.name;
    },
  };
}

const poolOf = (name: string, source: string) => ({ name, driver: 'dir', config: { source } });

const profileOf = (name: string) => ({
  name,
  devices: { root: { type: 'disk', path: '/', pool: name } },
});

/** One that is being created when the benchmarks are interrupted appears a little later. */
async function removeAll(client: IncusClient, runId: string): Promise<void> {
  const filter = `config.${markKeys.run} eq ${runId}`;
  for (let seenNone = 0; seenNone < 2;) {
    const instances = valueOf(await client.instances.list({ filter }));
    await Promise.all(
      instances.map(async ({ name, uuid }) =>
        valueOf(await client.instances.remove(name, { uuid })),
      ),
    );
    seenNone = instances.length === 0 ? seenNone + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
