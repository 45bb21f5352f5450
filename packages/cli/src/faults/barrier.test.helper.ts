import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { namesIn } from './disk.test.helper.js';

/** Where jobs wait for one another: none goes on before all of them are there. */
export interface Barrier extends AsyncDisposable {
  /** A shell command that says `who` is there, and waits. */
  command(who: string): string;
  /** Lets all go on when so many are there. */
  open(count: number): Promise<void>;
}

/** Makes a barrier in a new directory. */
export async function createBarrier(directory: string): Promise<Barrier> {
  const there = join(directory, 'there');
  const gate = join(directory, 'gate');
  mkdirSync(there, { recursive: true });
  execFileSync('mkfifo', [gate]);
  // For reading and writing, so that it opens at once, and stays open for those who come late.
  const handle: FileHandle = await open(gate, 'r+');
  return {
    command: (who) => `: >"${there}/${who}"; dd bs=1 count=1 <'${gate}' >/dev/null 2>&1`,
    open: async (count) => {
      await expect.poll(() => namesIn(there), { timeout: 100_000 }).toHaveLength(count);
      await handle.write('x'.repeat(count));
    },
    [Symbol.asyncDispose]: async () => {
      await handle.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
