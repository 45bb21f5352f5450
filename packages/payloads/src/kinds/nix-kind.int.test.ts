import { createPayloadRig, prepared, type PayloadRig } from '@pikaci/testkit';
import { removeTree } from '@pikaci/host';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPayloadStore } from '../index.js';

const version = spawnSync('nix', ['--version'], { encoding: 'utf8' }).stdout;
const missing = typeof version === 'string' ? null : 'there is no nix on the PATH';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
  // A store of its own, in which nothing is fetched and nothing of the machine's Nix is touched.
  for (const [name, path] of [
    ['NIX_STORE_DIR', 'nix/store'],
    ['NIX_STATE_DIR', 'nix/var'],
    ['NIX_LOG_DIR', 'nix/log'],
    ['NIX_CONF_DIR', 'nix/etc'],
    ['HOME', 'home'],
  ] as const) {
    mkdirSync(join(rig.dir, path), { recursive: true });
    vi.stubEnv(name, join(rig.dir, path));
  }
  vi.stubEnv('NIX_REMOTE', 'local');
  const settings = ['sandbox = false', 'substitute = false', 'build-users-group =', 'builders ='];
  vi.stubEnv('NIX_CONFIG', [process.env['NIX_CONFIG'] ?? '', ...settings].join('\n'));
  rig.write('data', 'content of the snapshot');
  rig.write('pikaci-snapshot.json', '{"created_at": "once"}');
  rig.write('flake.nix', flake);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  expect(await removeTree(rig.dir)).toMatchObject({ ok: true });
});

const flake = `{
  outputs = { self }:
    let
      make = name: script: derivation {
        inherit name;
        system = builtins.currentSystem or "${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux";
        builder = "/bin/sh";
        args = [ "-c" "PATH=/bin:/usr/bin; \${script}" ];
      };
    in {
      deps = make "deps" "mkdir $out; cp \${self}/data $out/data; ln -s \${self} $out/source";
      broken = make "broken" "echo this is broken; exit 1";
    };
}`;

describe.skipIf(missing !== null)(
  `a payload of the real Nix${missing === null ? '' : ` (${missing})`}`,
  () => {
    const prepare = (installable: string) => {
      const store = createPayloadStore({ stateRoot: rig.stateRoot });
      const mounts = [{ name: 'deps', path: '.', guestPath: '/deps' }];
      return store.prepare(rig.request({ kind: 'nix', installable, mounts }));
    };

    it('is built of the snapshot, used in place, found again, and the same from another snapshot', async () => {
      const first = prepared(await prepare('.#deps'));
      expect(first.storePath).toMatch(/\/nix\/store\/[^/]+-deps$/);
      expect(readFileSync(join(first.storePath, 'data'), 'utf8')).toBe('content of the snapshot');
      expect(existsSync(join(first.storePath, 'source/pikaci-snapshot.json'))).toBe(false);
      expect(prepared(await prepare('.#deps'))).toEqual({ ...first, reused: true });
      rig.write('pikaci-snapshot.json', '{"created_at": "again"}');
      rmSync(rig.stateRoot, { recursive: true });
      const again = prepared(await prepare('path:.#deps'));
      expect(again).toMatchObject({ storePath: first.storePath, reused: false });
    });

    it('fails with what Nix says', async () => {
      const broken = await prepare('.#broken');
      expect(broken).toMatchObject({ ok: false, error: { kind: 'payload' } });
      expect(!broken.ok && broken.error.reason).toContain('this is broken');
      const unknown = await prepare('.#unknown');
      expect(!unknown.ok && unknown.error.reason).toContain('does not provide attribute');
    });
  },
);
