import { spawnSync } from 'node:child_process';

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
