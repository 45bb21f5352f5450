import type { FilesApi } from '@pikaci/incus-client';
import { err, ok } from '@pikaci/model';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fetchFile, type Fetched } from './fetch-file.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pikaci-fetch-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

/** Fetches a file that has these bytes; the answer is there at once, before any other work of this process. */
function fetch(text: string, most: number, hostPath = join(dir, 'to/file')): Promise<Fetched> {
  const stream: FilesApi['stream'] = async (_instance, _path, sink) => {
    await sink(Buffer.from(text));
    return ok({ type: 'file', mode: 0o644, uid: 0, gid: 0, bytes: text.length });
  };
  return fetchFile({ files: { stream }, instance: 'web', guestPath: '/file', hostPath, most });
}

it('a file with as many bytes as it may have is kept', async () => {
  expect(await fetch('12345', 5)).toEqual({ kind: 'kept', bytes: 5 });
  expect(readFileSync(join(dir, 'to/file'), 'utf8')).toBe('12345');
});

it('nothing stays of a file with more bytes than it may have, however soon that is known', async () => {
  // One after another, so that nothing keeps the removal of a file from overtaking its making.
  for (let index = 0; index < 500; index += 1) {
    expect(await fetch('12345', 4, join(dir, `to/${index}`))).toEqual({ kind: 'too-large' });
  }
  expect(readdirSync(join(dir, 'to'))).toEqual([]);
});

it('nothing stays of a file whose transfer breaks off', async () => {
  const stream: FilesApi['stream'] = async (_instance, request, sink) => {
    await sink(Buffer.from('123'));
    return err({ kind: 'timeout', request, message: 'no bytes for 5 s', timeoutMs: 5000 });
  };
  const hostPath = join(dir, 'file');
  const files = { stream };
  const fetched = await fetchFile({ files, instance: 'web', guestPath: '/f', hostPath, most: 9 });
  expect(fetched).toMatchObject({ kind: 'failed', isSilent: true, isOurs: false });
  expect(readdirSync(dir)).toEqual([]);
});

it('a file that is there already is left as it is', async () => {
  const place = join(dir, 'file');
  writeFileSync(place, 'older');
  expect(await fetch('12345', 9, place)).toMatchObject({ kind: 'failed', isOurs: false });
  expect(readFileSync(place, 'utf8')).toBe('older');
});
