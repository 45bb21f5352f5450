import type { Device, Devices, InstanceType } from '@pikaci/incus-client';
import { fail, ok, type HostContext, type Outcome } from '@pikaci/model';
import { guestLayout, snapshotDeviceName, type JobMount } from '@pikaci/paths';

/** Whether a mount's source is a directory; a virtual machine can share nothing else. */
export type SourceKinds = ReadonlyMap<string, 'directory' | 'file'>;

/**
 * The disk devices of a job's instance: the snapshot, and one for each mount of each staged payload. All are read-only
 * and all are part of the create request: one request instead of one each, and a virtual machine has only eight slots
 * for devices that come later.
 *
 * @param mounts the mounts of all staged payloads of the context, found by device prefix
 */
export function configureIncusDevices(
  context: Pick<HostContext, 'workspaceSnapshotDir' | 'stagedPayloadMounts'>,
  mounts: readonly JobMount[],
  sources: SourceKinds,
  instance: InstanceType,
  { refusesShift }: { readonly refusesShift: boolean } = { refusesShift: false },
): Outcome<Devices> {
  const ownedByGuestRoot = refusesShift ? {} : shifted(instance);
  const devices: Record<string, Device> = {
    [snapshotDeviceName]: {
      ...readOnlyDisk(context.workspaceSnapshotDir, guestLayout.snapshot, instance),
      ...ownedByGuestRoot,
    },
  };
  for (const staged of context.stagedPayloadMounts) {
    for (const mount of mounts.filter((one) => one.devicePrefix === staged.devicePrefix)) {
      if (instance === 'virtual-machine' && sources.get(mount.source) === 'file') {
        return fail(
          'config',
          `A virtual machine cannot mount the single file ${mount.source} (mount "${mount.name}" of payload "${mount.payloadId}")`,
          { hint: 'Mount the directory that holds it, or run the job in a container.' },
        );
      }
      if (devices[mount.deviceName] !== undefined) {
        return fail('internal', `Two mounts have the device name ${mount.deviceName}`);
      }
      devices[mount.deviceName] = {
        ...readOnlyDisk(mount.source, mount.attachPath, instance),
        ...(mount.mode === 'overlay' ? ownedByGuestRoot : {}),
      };
    }
  }
  return ok(devices);
}

/**
 * Guest root must own the files of an overlay's lower layer, or nothing of it can be changed. The root of a virtual
 * machine is one to its own kernel, whoever owns the files. Where shifting is refused there are copies instead.
 */
function shifted(instance: InstanceType): Device {
  return instance === 'container' ? { shift: 'true' } : {};
}

/** A disk device that nobody in the guest can write to. */
export function readOnlyDisk(source: string, path: string, instance: InstanceType): Device {
  return {
    type: 'disk',
    source,
    path,
    readonly: 'true',
    // Without a cache a guest can neither map nor execute files of a share; payloads never change, so it is safe.
    ...(instance === 'virtual-machine' ? { 'io.cache': 'metadata' } : {}),
  };
}
