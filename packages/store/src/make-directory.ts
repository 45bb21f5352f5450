import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode, isPresent } from './file-failure.js';

/**
 * Makes a directory and what is missing above it. Node's own recursive `mkdir` never comes back where a directory
 * exists and refuses new entries as "not found", as `/proc` does (seen with Node 20).
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (thrown) {
    if (isPresent(thrown) && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (!hasCode(thrown, 'ENOENT') || parent === path) throw thrown;
    await makeDirectory(parent);
    await mkdir(path);
  }
}
