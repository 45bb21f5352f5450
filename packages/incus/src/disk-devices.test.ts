import { describe, expect, it } from 'vitest';
import { configureIncusDevices } from './disk-devices.js';

const context = {
  workspaceSnapshotDir: '/snapshot',
  stagedPayloadMounts: [
    { localMountPath: '/job/staged/a', devicePrefix: 'a', mode: 'read-only' as const },
    { localMountPath: '/job/staged/b', devicePrefix: 'b', mode: 'read-only' as const },
  ],
};
const mount = (devicePrefix: string, name: string) => ({
  payloadId: devicePrefix,
  devicePrefix,
  name,
  deviceName: `pk-${devicePrefix}-${name}`,
  sourceRoot: `/store/${devicePrefix}`,
  source: `/store/${devicePrefix}/${name}`,
  mode: 'read-only' as const,
  guestPath: `/opt/${name}`,
  workspacePath: null,
  attachPath: `/opt/${name}`,
  addToPath: [],
});
const mounts = [mount('a', 'one'), mount('a', 'two'), mount('b', 'three')];

describe('configureIncusDevices', () => {
  it('has the snapshot alone for a job without payloads', () => {
    const devices = configureIncusDevices(
      { ...context, stagedPayloadMounts: [] },
      [],
      new Map(),
      'container',
    );
    expect(devices.ok && Object.keys(devices.value)).toEqual(['pk-snapshot']);
  });

  it('follows the order of the staged mounts', () => {
    const devices = configureIncusDevices(context, mounts, new Map(), 'container');
    expect(devices.ok && Object.keys(devices.value)).toEqual([
      'pk-snapshot',
      'pk-a-one',
      'pk-a-two',
      'pk-b-three',
    ]);
  });

  it('lets a virtual machine cache and execute what it mounts, and shifts nothing there', () => {
    const devices = configureIncusDevices(context, mounts, new Map(), 'virtual-machine');
    expect(devices).toMatchObject({ ok: true, value: { 'pk-a-one': { 'io.cache': 'metadata' } } });
    expect(JSON.stringify(devices)).not.toContain('shift');
  });

  it('lets guest root own what a job may write over, where the kernel is shared', () => {
    const writable = mounts.map((one) => ({ ...one, mode: 'overlay' as const }));
    const shifts = (instance: 'container' | 'virtual-machine') => {
      const devices = configureIncusDevices(context, writable, new Map(), instance);
      return devices.ok ? Object.values(devices.value) : [];
    };
    expect(shifts('container').map(({ shift, readonly }) => [shift, readonly])).toEqual(
      Array.from({ length: 4 }, () => ['true', 'true']),
    );
    expect(shifts('virtual-machine').map(({ shift, readonly }) => [shift, readonly])).toEqual(
      Array.from({ length: 4 }, () => [undefined, 'true']),
    );
  });

  it('refuses to mount a single file into a virtual machine', () => {
    const kinds = new Map([['/store/b/three', 'file' as const]]);
    expect(configureIncusDevices(context, mounts, kinds, 'virtual-machine')).toMatchObject({
      ok: false,
      error: { kind: 'config', message: expect.stringContaining('/store/b/three') as string },
    });
    expect(configureIncusDevices(context, mounts, kinds, 'container').ok).toBe(true);
  });
});
