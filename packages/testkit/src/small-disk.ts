import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInChild } from './run-in-child.js';

/**
 * Calls the exported function `runOnDisk` of a module in a process of its own, with a disk of so many KiB.
 *
 * @param argument what it is given, beside the path of the disk as `disk`
 * @returns what it prints, which is JSON
 * @throws when the process fails, or prints errors
 */
export async function runOnSmallDisk(
  module: URL,
  kibibytes: number,
  argument: object,
): Promise<unknown> {
  const disk = mkdtempSync(join(tmpdir(), 'pikaci-disk-'));
  try {
    const through = onSmallDisk(disk, kibibytes);
    const child = await runInChild(module, 'runOnDisk', { ...argument, disk }, through);
    if (child.exitCode !== 0 || child.stderr !== '') throw new Error(child.stderr);
    return JSON.parse(child.stdout);
  } finally {
    rmSync(disk, { recursive: true });
  }
}

/**
 * Starts a command for which a directory is a disk of its own, empty, of so many KiB and 1,000 files. It is gone with the
 * last of its processes. No rights are needed where users may have namespaces.
 *
 * @param dir must be there
 */
export function onSmallDisk(dir: string, kibibytes: number): readonly string[] {
  const options = `size=${kibibytes}k,nr_inodes=1000`;
  const script = `dir=$1; shift; mount -t tmpfs -o ${options} tmpfs "$dir" && exec "$@"`;
  return ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', dir];
}

/** Whether this machine lets a test have a small disk. */
export function hasSmallDisks(): boolean {
  const [program = '', ...args] = onSmallDisk('/mnt', 64);
  return spawnSync(program, [...args, 'true']).status === 0;
}
