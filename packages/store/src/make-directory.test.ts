import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDirectory } from './make-directory.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pikaci-directory-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it('makes a directory and everything above it, also a second time', async () => {
  const path = join(root, 'a', 'b', 'c');
  await makeDirectory(path);
  await makeDirectory(path);
  expect((await stat(path)).isDirectory()).toBe(true);
});

it('refuses a path that leads through a file', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(makeDirectory(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeDirectory(join(root, 'file', 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it.runIf(process.platform === 'linux')('comes back from where nothing can be made', async () => {
  await expect(makeDirectory('/proc/none/runs')).rejects.toMatchObject({ code: 'ENOENT' });
});
