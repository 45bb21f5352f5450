import { payloadManifestSchema, type PreparedPayload } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { jobMounts } from './job-mounts.js';

const payload = (id: string, mounts: unknown[], devicePrefix = id): PreparedPayload => ({
  payloadId: id,
  devicePrefix,
  contentKey: id,
  storePath: `/store/${id}`,
  manifest: payloadManifestSchema.parse({ schemaVersion: 1, kind: 'x_v1', mounts }),
  reused: false,
  sizeBytes: 0,
});
const at = (name: string, guestPath: string) => ({ name, relativePath: 'sub', guestPath });

describe('jobMounts', () => {
  it('has none for a job without payloads', () => {
    expect(jobMounts('unit', [])).toEqual({ ok: true, value: [] });
  });

  it('attaches a mount of the working tree at a place from which it can be bound', () => {
    const tree = { name: 'tree', relativePath: '.', workspacePath: 'node_modules' };
    expect(jobMounts('unit', [payload('deps', [tree])])).toMatchObject({
      ok: true,
      value: [{ attachPath: '/pikaci/payloads/deps/tree', workspacePath: 'node_modules' }],
    });
  });

  it('takes the sources from where the payloads are on the job’s host', () => {
    const mounts = jobMounts(
      'unit',
      [payload('a', [at('m', '/opt/a')])],
      [{ devicePrefix: 'a', sourceRoot: '/remote/a' }],
    );
    expect(mounts).toMatchObject({
      ok: true,
      value: [{ source: '/remote/a/sub', sourceRoot: '/remote/a' }],
    });
  });

  it('attaches what a job may write over aside, also where it is to be at an absolute path', () => {
    const payloads = [payload('a', [at('m', '/opt/a')]), payload('b', [at('m', '/opt/b')])];
    const mounts = jobMounts('unit', payloads, [{ devicePrefix: 'b', mode: 'overlay' }]);
    expect(mounts).toMatchObject({
      ok: true,
      value: [
        { mode: 'read-only', attachPath: '/opt/a' },
        { mode: 'overlay', attachPath: '/pikaci/payloads/b/m', guestPath: '/opt/b' },
      ],
    });
  });

  it('refuses mounts of different payloads at one place', () => {
    const both = [payload('a', [at('m', '/opt/x')]), payload('b', [at('m', '/opt/x')])];
    expect(jobMounts('unit', both)).toMatchObject({
      ok: false,
      error: {
        kind: 'config',
        message: expect.stringContaining('share the guest path /opt/x') as string,
      },
    });
  });

  it('refuses two devices of one name', () => {
    const both = [payload('a-b', [at('c', '/opt/1')]), payload('a', [at('b-c', '/opt/2')])];
    expect(jobMounts('unit', both)).toMatchObject({
      ok: false,
      error: { message: 'Two mounts of job "unit" have the device name pk-a-b-c' },
    });
  });
});
