import { payloadManifestSchema } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { checkPayloadManifest } from './payload-manifest-check.js';

interface Parts {
  schemaVersion?: number;
  kind?: string;
  mounts?: unknown[];
  entrypoints?: unknown[];
}

const mount = (change: Record<string, unknown> = {}) => ({
  name: 'root',
  relativePath: '.',
  guestPath: '/opt/x',
  ...change,
});

function check(parts: Parts) {
  const manifest = payloadManifestSchema.parse({ schemaVersion: 1, kind: 'x_v1', ...parts });
  const checked = checkPayloadManifest(manifest, 'deps');
  return checked.ok ? 'accepted' : checked.error.message;
}

describe('checkPayloadManifest', () => {
  it('accepts mounts at a guest path and in the working tree', () => {
    const tree = mount({ name: 'tree', guestPath: null, workspacePath: 'node_modules' });
    expect(check({ mounts: [mount(), tree] })).toBe('accepted');
  });

  it.each<[string, Parts, string]>([
    ['an unknown schema version', { schemaVersion: 2 }, 'its schema version is 2'],
    ['an empty kind', { kind: ' ' }, 'its kind is empty'],
    ['an empty mount name', { mounts: [mount({ name: ' ' })] }, 'a mount has an empty name'],
    [
      'a name that is no part of a path',
      { mounts: [mount({ name: 'a/b' })] },
      'is no part of a path',
    ],
    [
      'two mounts of one name',
      { mounts: [mount(), mount({ guestPath: '/opt/y' })] },
      'two mounts have the name "root"',
    ],
    ['an absolute source', { mounts: [mount({ relativePath: '/etc' })] }, 'is absolute'],
    ['a source with ..', { mounts: [mount({ relativePath: 'a/../..' })] }, 'leads out with ".."'],
    ['a relative guest path', { mounts: [mount({ guestPath: 'opt' })] }, 'is not absolute'],
    ['a guest path with ..', { mounts: [mount({ guestPath: '/opt/../etc' })] }, 'leads out'],
    ['the root as guest path', { mounts: [mount({ guestPath: '/' })] }, 'is the root directory'],
    [
      'a guest path under /proc',
      { mounts: [mount({ guestPath: '/proc/x' })] },
      'belongs to the system',
    ],
    [
      'a guest path under the guest contract',
      { mounts: [mount({ guestPath: '/run/pika-cloud/x' })] },
      'collides with /run/pika-cloud',
    ],
    [
      'nested guest paths',
      { mounts: [mount(), mount({ name: 'b', guestPath: '/opt/x/y' })] },
      'have nested guest paths',
    ],
    ['a mount without a place', { mounts: [mount({ guestPath: null })] }, 'needs exactly one of'],
    [
      'a mount with two places',
      { mounts: [mount({ workspacePath: 'x' })] },
      'needs exactly one of guest_path and workspace_path',
    ],
    [
      'a workspace path that leads out',
      { mounts: [mount({ guestPath: null, workspacePath: '../x' })] },
      'leads out with ".."',
    ],
    [
      'the whole working tree as place',
      { mounts: [mount({ guestPath: null, workspacePath: '.' })] },
      'would hide the whole working tree',
    ],
    ['a writable mount', { mounts: [mount({ readOnly: false })] }, 'is not read-only'],
    ['a PATH entry that leads out', { mounts: [mount({ addToPath: ['../bin'] })] }, 'leads out'],
    [
      'an entrypoint that leads out',
      { entrypoints: [{ name: 'run', relativePath: '../run' }] },
      'of entrypoint "run" leads out with ".."',
    ],
  ])('refuses %s', (_, parts, message) => {
    expect(check(parts)).toContain(message);
    expect(check(parts)).toContain('The manifest of payload "deps" is refused');
  });
});
