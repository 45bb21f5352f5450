import type { IncusClient } from '@pikaci/incus-client';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchTree } from '../machine/bench-place.js';
import { hasProgram, runProgram } from '../machine/run-program.js';
import { valueOf } from '../machine/value-of.js';

/** A way to bring a copy of a tree into a started instance. */
export interface CopyWay {
  readonly what: string;
  /** Copies to `/opt/tree`, which exists and is empty; `target` is where the host has that directory. */
  copy(instance: string, target: string): Promise<unknown>;
}

/** The ways that this machine has. */
export interface CopyWays {
  readonly ways: readonly CopyWay[];
  /** What is missing, or done in another way than one would wish. */
  readonly notes: readonly string[];
}

/** Where instances have the directory with the archives, read-only. */
export const archivesPath = '/archives';

/** @param archives an existing directory on the host, which instances see at `archivesPath` */
export async function copyWays(
  client: IncusClient,
  tree: BenchTree,
  archives: string,
): Promise<CopyWays> {
  const notes: string[] = [];
  const compressed = (await hasProgram('zstd')) ? 'zst' : 'gz';
  if (compressed === 'gz') notes.push('no zstd here: the archive that the host unpacks is .tar.gz');
  const archive = await pack(tree, archives, compressed);
  const guestArchive = await pack(tree, archives, 'gz');
  const ways: CopyWay[] = [
    {
      what: `tar.${compressed} unpacked by the host`,
      copy: (_, target) => runProgram('tar', ['-xf', join(archives, archive), '-C', target]),
    },
    {
      what: 'cp -a by the host',
      copy: (_, target) => runProgram('cp', ['-a', `${tree.dir}/.`, target]),
    },
    {
      what: 'tar.gz unpacked in the guest',
      copy: async (instance) => {
        const command = ['tar', '-xzf', `${archivesPath}/${guestArchive}`, '-C', '/opt/tree'];
        const { returnCode, stderr } = valueOf(await client.execRecorded(instance, { command }));
        if (returnCode !== 0) throw new Error(`tar in the guest: ${stderr.toString()}`);
      },
    },
  ];
  if (await hasProgram('rsync')) {
    const copy: CopyWay['copy'] = (_, target) =>
      runProgram('rsync', ['-a', `${tree.dir}/`, target]);
    ways.push({ what: 'rsync -a by the host', copy });
  } else notes.push('no rsync here: left out');
  return { ways, notes };
}

async function pack(tree: BenchTree, archives: string, compressed: 'zst' | 'gz'): Promise<string> {
  mkdirSync(archives, { recursive: true });
  const name = `tree-${tree.entries}.tar.${compressed}`;
  const how = compressed === 'zst' ? '--zstd' : '--gzip';
  await runProgram('tar', [how, '-cf', join(archives, name), '-C', tree.dir, '.']);
  return name;
}
