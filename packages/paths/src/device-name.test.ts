import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceName } from './device-name.js';

describe('deviceName', () => {
  it.each([
    ['workspace-build', 'workspace_build_root', 'pk-workspac-51fa7376'],
    ['workspace-deps', 'workspace_deps_root', 'pk-workspac-b966dd7a'],
    ['staged_linux_workspace_build_v1', 'workspace_build_root', 'pk-staged-l-47d99971'],
    ['staged_linux_workspace_deps_v1', 'workspace_deps_root', 'pk-staged-l-abd7f13d'],
  ])('names the mount %s of %s as earlier records do', (prefix, mount, expected) => {
    expect(deviceName(prefix, mount)).toBe(expected);
  });

  it('keeps a short name readable', () => {
    expect(deviceName('deps', 'Root.1')).toBe('pk-deps-root-1');
  });

  it('gives a name that every Incus release takes, whatever the parts are', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (prefix, mount) => {
        expect(deviceName(prefix, mount)).toMatch(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/);
      }),
    );
  });
});
