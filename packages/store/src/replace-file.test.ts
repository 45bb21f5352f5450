import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile, systemReplaceOperations, type ReplaceOperations } from './replace-file.js';

describe('replaceFile', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'pikaci-store-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const watched = (order: string[], failAt?: string): ReplaceOperations => {
    const step = async (name: string, operation: () => Promise<void>) => {
      order.push(name);
      if (name === failAt) throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
      await operation();
    };
    const system = systemReplaceOperations;
    return {
      writeAndSync: (path, text) => step('write and sync', () => system.writeAndSync(path, text)),
      rename: (from, to) => step('rename', () => system.rename(from, to)),
      syncDirectory: (path) => step('sync directory', () => system.syncDirectory(path)),
      remove: (path) => step('remove', () => system.remove(path)),
    };
  };

  it('syncs the new contents before the rename and the directory after it', async () => {
    const order: string[] = [];
    await replaceFile(join(dir, 'a.json'), 'new', watched(order));
    expect(order).toEqual(['write and sync', 'rename', 'sync directory']);
    expect(await readFile(join(dir, 'a.json'), 'utf8')).toBe('new');
  });

  it.each(['write and sync', 'rename'])(
    'keeps the old contents and no temporary file when "%s" fails',
    async (failAt) => {
      await writeFile(join(dir, 'a.json'), 'old');
      await expect(replaceFile(join(dir, 'a.json'), 'new', watched([], failAt))).rejects.toThrow(
        'ENOSPC',
      );
      expect(await readFile(join(dir, 'a.json'), 'utf8')).toBe('old');
      expect(await readdir(dir)).toEqual(['a.json']);
    },
  );

  it('writes the temporary file into the same directory, so that the rename stays on one disk', async () => {
    const seen: string[] = [];
    const operations = watched([]);
    await replaceFile(join(dir, 'a.json'), 'new', {
      ...operations,
      rename: async (from, to) => {
        seen.push(...(await readdir(dir)));
        await operations.rename(from, to);
      },
    });
    expect(seen).toEqual([expect.stringMatching(/^\.a\.json\.[0-9a-f]{12}\.tmp$/)]);
  });
});
