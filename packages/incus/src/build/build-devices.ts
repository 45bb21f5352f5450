import type { Device, Devices, InstanceType } from '@pikaci/incus-client';
import { fail, ok, type Outcome, type PreparedPayload } from '@pikaci/model';
import { guestLayout, type JobMount } from '@pikaci/paths';
import { posix } from 'node:path';
import { readOnlyDisk } from '../disk-devices.js';

/** The directories of a build, on the host. */
export interface BuildDirectories {
  readonly workDir: string;
  readonly outputDir: string;
  readonly dependencies: readonly PreparedPayload[];
}

/** Where the root of a payload is that a build depends on. */
export function dependencyRoot(payloadId: string): string {
  return posix.join(guestLayout.dependencies, payloadId);
}

/**
 * The disk devices of a build's instance: its two directories, which it writes to, and read-only the root of each
 * dependency and each of its mounts.
 */
export function buildDevices(
  { workDir, outputDir, dependencies }: BuildDirectories,
  mounts: readonly JobMount[],
  instance: InstanceType,
): Outcome<Devices> {
  const devices: [string, Device][] = [
    ['pk-build-work', writableDisk(workDir, guestLayout.work, instance)],
    ['pk-build-output', writableDisk(outputDir, guestLayout.output, instance)],
    ...dependencies.map(({ storePath, payloadId }, index): [string, Device] => [
      `pk-build-${index + 1}`,
      readOnlyDisk(storePath, dependencyRoot(payloadId), instance),
    ]),
    ...mounts.map(({ deviceName, source, attachPath }): [string, Device] => [
      deviceName,
      readOnlyDisk(source, attachPath, instance),
    ]),
  ];
  const byName = Object.fromEntries(devices);
  if (Object.keys(byName).length === devices.length) return ok(byName);
  return fail('config', 'A dependency has a device name that builds use themselves', {
    hint: 'Give the payload another devicePrefix than "build".',
  });
}

function writableDisk(source: string, path: string, instance: InstanceType): Device {
  const disk = { type: 'disk', source, path };
  if (instance === 'virtual-machine') return { ...disk, 'io.cache': 'metadata' };
  // Guest root writes files of the host's root then, and not of a user that nobody on the host has.
  return { ...disk, shift: 'true' };
}
