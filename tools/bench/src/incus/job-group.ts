import { definitionOf, type Devices } from '@pikaci/incus-client';
import type { BenchTree } from '../machine/bench-place.js';
import { valueOf } from '../machine/value-of.js';
import type { BenchServer } from './bench-server.js';

/** How many jobs get a payload at once. */
export const jobs = 5;
/** Where instances find the tree, mounted or copied. */
export const guestTree = '/opt/tree';

/** Running instances, one for each job. */
export interface JobGroup {
  readonly server: BenchServer;
  readonly names: readonly string[];
}

/** Creates and starts the instances, all at once. */
export async function startGroup(
  server: BenchServer,
  id: string,
  devices: Devices,
): Promise<JobGroup> {
  const ids = Array.from({ length: jobs }, (_, job) => `${id}-${job}`);
  return { server, names: await Promise.all(ids.map((jobId) => server.start(jobId, devices))) };
}

/** Does something with all instances at once. */
export async function forEachInstance(
  { names }: JobGroup,
  work: (name: string) => Promise<unknown>,
): Promise<void> {
  await Promise.all(names.map(work));
}

/** Reads a file of the tree in a guest; the tree is usable there when this succeeds. */
export async function readDeepFile(
  { client }: BenchServer,
  name: string,
  { deepFile }: Pick<BenchTree, 'deepFile'>,
): Promise<void> {
  const path = `${guestTree}/${deepFile}`;
  const first = await client.files.read(name, path);
  // Now and then the server's own helper ends just as it is asked; the next request starts another one.
  const isHelperGone = !first.ok && JSON.stringify(first.error).includes('forkfile');
  const read = valueOf(isHelperGone ? await client.files.read(name, path) : first);
  if (read.type !== 'file' || read.content.length === 0) throw new Error(`${deepFile} is empty`);
}

/** Takes devices away from an instance. */
export async function detach(
  { client }: BenchServer,
  name: string,
  detached: readonly string[],
): Promise<void> {
  const definition = definitionOf(valueOf(await client.instances.get(name)));
  const left = Object.entries(definition.devices).filter(([device]) => !detached.includes(device));
  const devices = Object.fromEntries(left);
  valueOf(await client.instances.replace(name, { ...definition, devices }));
}
