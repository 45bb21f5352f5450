import { localHost, ok } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import {
  remoteJobDir,
  remoteJobPath,
  stagedPayloadRemoteDirs,
  stagedPayloadSourceRoot,
} from './staged-payload.js';

const localJobDir = '/state/runs/r/jobs/unit';
const remote = remoteJobDir('/var/tmp/pikaci', 'r', 'unit');

describe('remoteJobPath', () => {
  it('re-roots a path at the remote job directory', () => {
    expect(remoteJobPath(`${localJobDir}/staged/deps`, localJobDir, remote)).toEqual(
      ok('/var/tmp/pikaci/runs/r/jobs/unit/staged/deps'),
    );
  });

  it.each([
    '/state/runs/r/jobs/other/x',
    '/state/runs/r/jobs/unit-2',
    '/etc',
    `${localJobDir}/../x`,
  ])('refuses %s, which lies outside', (path) => {
    expect(remoteJobPath(path, localJobDir, remote)).toMatchObject({
      ok: false,
      error: { message: `The path ${path} lies outside the job directory ${localJobDir}` },
    });
  });
});

describe('stagedPayloadRemoteDirs', () => {
  it('is empty for a job without payloads', () => {
    expect(
      stagedPayloadRemoteDirs({ jobDir: localJobDir, stagedPayloadMounts: [] }, remote),
    ).toEqual(ok([]));
  });

  it('refuses a mount outside the job directory', () => {
    const stagedPayloadMounts = [
      { localMountPath: '/elsewhere', devicePrefix: 'x', mode: 'read-only' as const },
    ];
    expect(stagedPayloadRemoteDirs({ jobDir: localJobDir, stagedPayloadMounts }, remote).ok).toBe(
      false,
    );
  });
});

describe('stagedPayloadSourceRoot', () => {
  it('is the canonical path on a local host', async () => {
    const place = {
      localMountPath: `${localJobDir}/staged/deps`,
      localJobDir,
      remoteJobDir: remote,
      host: localHost,
    };
    const canonicalise = (path: string) => Promise.resolve(ok(`/store/of${path}`));
    expect(await stagedPayloadSourceRoot(place, canonicalise)).toEqual(
      ok(`/store/of${localJobDir}/staged/deps`),
    );
  });

  it('refuses a path outside the job directory on either kind of host', async () => {
    for (const host of [
      localHost,
      { kind: 'ssh', address: 'b', workDir: '/var/tmp/pikaci' } as const,
    ]) {
      const place = { localMountPath: '/elsewhere', localJobDir, remoteJobDir: remote, host };
      const root = await stagedPayloadSourceRoot(place, (path) => Promise.resolve(ok(path)));
      expect(root.ok).toBe(false);
    }
  });
});
