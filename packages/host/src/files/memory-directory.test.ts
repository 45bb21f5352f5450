import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { currentOwner } from '../lock/owner.js';
import { ownerName } from '../lock/owner-name.js';
import { createMemoryDirectory } from './memory-directory.js';

describe('a directory in memory', () => {
  it('can be entered by its user alone', async () => {
    const made = await createMemoryDirectory({});
    if (!made.ok) throw new Error(made.error.message);
    expect(statSync(made.value.path).mode & 0o777).toBe(0o700);
    rmSync(made.value.path, { recursive: true });
  });

  it.runIf(existsSync('/dev/shm'))(
    'sweeps those of processes that are gone, and no other',
    async () => {
      const first = await createMemoryDirectory({});
      if (!first.ok) throw new Error(first.error.message);
      const place = dirname(first.value.path);
      const pid = Number(execFileSync('/bin/sh', ['-c', 'echo $$']).toString());
      const dead = { ...(await currentOwner()), pid, startTicks: '1' };
      const left = join(place, `.pikaci-private-${ownerName(dead)}-00000000`);
      mkdirSync(join(left, 'deep'), { recursive: true });
      const foreign = mkdtempSync(join(place, '.pikaci-private-'));
      const second = await createMemoryDirectory({});
      expect([left, foreign, first.value.path].map((path) => existsSync(path))).toEqual([
        false,
        true,
        true,
      ]);
      const made = second.ok ? [second.value.path] : [];
      for (const path of [foreign, first.value.path, ...made]) rmSync(path, { recursive: true });
    },
  );
});
