import type { Devices } from '@pikaci/incus-client';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchTree } from '../machine/bench-place.js';
import { removeDirectory } from '../machine/run-program.js';
import { valueOf } from '../machine/value-of.js';
import type { Contestant } from '../report/alternate.js';
import type { BenchServer } from './bench-server.js';
import type { CopyWay } from './copy-ways.js';
import {
  detach,
  forEachInstance,
  guestTree,
  readDeepFile,
  startGroup,
  type JobGroup,
} from './job-group.js';

/** The tree's devices are added to running instances. */
export function addDevices(
  what: string,
  group: JobGroup,
  devices: Devices,
  tree: BenchTree,
): Contestant {
  const { server } = group;
  return {
    what,
    measure: () =>
      forEachInstance(group, async (name) => {
        valueOf(await server.client.instances.patch(name, { devices }));
        await readDeepFile(server, name, tree);
      }),
    after: () => forEachInstance(group, (name) => detach(server, name, Object.keys(devices))),
  };
}

/** The tree is copied into running instances. */
export function copyTree(
  what: string,
  group: JobGroup,
  { copy }: CopyWay,
  tree: BenchTree,
): Contestant {
  const { server, names } = group;
  const targetIn = (name: string) => join(server.rootOf(name), guestTree);
  return {
    what,
    before: () => {
      for (const name of names) mkdirSync(targetIn(name), { recursive: true });
    },
    measure: () =>
      forEachInstance(group, async (name) => {
        await copy(name, targetIn(name));
        await readDeepFile(server, name, tree);
      }),
    after: () => forEachInstance(group, (name) => removeDirectory(targetIn(name))),
  };
}

/** New instances are created with devices and started, until a file has been read in each: of the tree, if there is one. */
export function startWith(
  what: string,
  server: BenchServer,
  devices: Devices,
  tree?: BenchTree,
): Contestant {
  let group: JobGroup = { server, names: [] };
  return {
    what,
    measure: async () => {
      group = await startGroup(server, 'start', devices);
      await forEachInstance(group, async (name) => {
        if (tree === undefined) valueOf(await server.client.files.read(name, '/etc/passwd'));
        else await readDeepFile(server, name, tree);
      });
    },
    after: () => forEachInstance(group, (name) => server.remove(name)),
  };
}
