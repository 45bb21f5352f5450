import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acquireLock } from './acquire-lock.js';
import { findDeadLocks, releaseDeadLock } from './dead-locks.js';
import { currentOwner, type Owner } from './owner.js';

let dir = '';
let dead: Owner;
let self: Owner;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pikaci-dead-locks-'));
  self = await currentOwner();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  dead = { ...self, pid, startTicks: '1' };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const leave = (name: string, owner: Owner, token: string) =>
  writeFileSync(join(dir, name), JSON.stringify({ owner, token }));
async function sweep(): Promise<void> {
  for (const lock of await findDeadLocks(dir, '.lock-')) await releaseDeadLock(lock);
}

it('takes away what dead processes left of their locks, and nothing of living ones', async () => {
  leave('.lock-dead', dead, 'a');
  leave('.lock-dead.claim-a', dead, 'b');
  leave('.lock-alive', self, 'c');
  leave('.lock-alive.claim-old', dead, 'd');
  leave('.lock-alive.claim-older', self, 'e');
  leave('..lock-x.1-2.tmp', dead, 'f');
  leave('..lock-y.1-2.tmp', self, 'g');
  writeFileSync(join(dir, '..lock-z.1-2.tmp'), '{');
  writeFileSync(join(dir, '..lock-w.1-2.tmp'), '{');
  utimesSync(join(dir, '..lock-w.1-2.tmp'), 1, 1);
  writeFileSync(join(dir, '.lock-damaged'), '{');
  writeFileSync(join(dir, 'other'), '');
  await sweep();
  expect(readdirSync(dir).sort()).toEqual([
    '..lock-y.1-2.tmp',
    '..lock-z.1-2.tmp',
    '.lock-alive',
    '.lock-alive.claim-older',
    '.lock-damaged',
    'other',
  ]);
});

it('leaves a lock alone that somebody has taken over since it was found dead', async () => {
  leave('.lock-dead', dead, 'a');
  const found = await findDeadLocks(dir, '.lock-');
  expect(found).toHaveLength(1);
  const taken = await acquireLock(join(dir, '.lock-dead'));
  for (const lock of found) await releaseDeadLock(lock);
  expect(readdirSync(dir)).toEqual(['.lock-dead']);
  if (taken.ok) await taken.value.release();
  expect(readdirSync(dir)).toEqual([]);
});
