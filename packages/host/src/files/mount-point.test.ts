import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeMountPoint, removeMountPoint, type MountPoint } from './mount-point.js';

let root = '';
const at = (...steps: string[]): string => join(root, ...steps);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-mount-point-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function make(path: string, kind: 'directory' | 'file' = 'directory'): Promise<MountPoint> {
  const made = await makeMountPoint(root, path, kind);
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

describe('a mount point', () => {
  it('is an empty directory or file that takes the place of what was there', async () => {
    mkdirSync(at('a/b'), { recursive: true });
    writeFileSync(at('a/b/file'), 'hidden');
    const previous = process.umask(0o077);
    await make('a/b');
    await make('c/d');
    await make('c/file', 'file');
    process.umask(previous);
    expect(readdirSync(at('a/b'))).toEqual([]);
    expect(statSync(at('c')).mode & 0o777).toBe(0o755);
    expect(statSync(at('c/d')).mode & 0o777).toBe(0o755);
    expect(statSync(at('c/file'))).toMatchObject({ size: 0 });
  });

  it('goes with the directories that were made for it', async () => {
    mkdirSync(at('kept'));
    const points = [await make('kept/x/y/z'), await make('kept/x/file', 'file'), await make('w')];
    for (const point of points.toReversed()) await removeMountPoint(point);
    expect(readdirSync(root)).toEqual(['kept']);
    expect(readdirSync(at('kept'))).toEqual([]);
  });

  it('stays when there is something in it or beside it', async () => {
    const points = [await make('a/b/c'), await make('d'), await make('e', 'file')];
    writeFileSync(at('a/b/own'), '');
    writeFileSync(at('d/own'), '');
    writeFileSync(at('e'), 'own');
    for (const point of points) await removeMountPoint(point);
    expect(readdirSync(at('a/b'))).toEqual(['own']);
    expect(existsSync(at('d/own'))).toBe(true);
    expect(existsSync(at('e'))).toBe(true);
    await removeMountPoint(points[1]!, true);
    expect(existsSync(at('d'))).toBe(false);
  });

  it('is not looked for behind a link that has taken the place of a directory', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'pikaci-elsewhere-'));
    mkdirSync(join(elsewhere, 'b/content'), { recursive: true });
    const point = await make('a/b');
    renameSync(at('a'), at('moved'));
    symlinkSync(elsewhere, at('a'));
    expect(await removeMountPoint(point, true)).toMatchObject({ ok: true });
    expect(existsSync(join(elsewhere, 'b/content'))).toBe(true);
    rmSync(elsewhere, { recursive: true });
  });

  it('is refused where the way leads through a link or a file', async () => {
    symlinkSync(tmpdir(), at('link'));
    writeFileSync(at('file'), '');
    for (const path of ['link/no-such', 'file/no-such']) {
      expect(await makeMountPoint(root, path, 'directory')).toMatchObject({
        ok: false,
        error: { kind: 'config', message: `Nothing can be mounted at "${path}"` },
      });
    }
    expect(existsSync(join(tmpdir(), 'no-such'))).toBe(false);
  });

  it('may be the tree itself, which stays', async () => {
    writeFileSync(at('file'), '');
    await removeMountPoint(await make('.'), true);
    expect(readdirSync(root)).toEqual(['file']);
  });
});
