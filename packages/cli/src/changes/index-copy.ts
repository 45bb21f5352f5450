import { copyFile, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createTemporaryDirectory, removeTree, systemErrorCode } from '@pikaci/host';
import { fail, ok, type Outcome } from '@pikaci/model';
import { askGit, type GitPlace } from './git-call.js';

/**
 * Has git work with a copy of the index, which is gone afterwards. Without it `git diff` locks the index, and writes
 * down what it has learned of files that only were touched, whatever `GIT_OPTIONAL_LOCKS` says.
 */
export async function withIndexCopy<Value>(
  place: GitPlace,
  use: (place: GitPlace) => Promise<Outcome<Value>>,
): Promise<Outcome<Value>> {
  const told = await askGit(place, ['rev-parse', '--git-path', 'index']);
  if (!told.ok) return told;
  const indexFile = resolve(place.cwd, told.value.stdout.replace(/\n$/u, ''));
  const directory = await createTemporaryDirectory();
  try {
    const copy = join(directory, 'index');
    const copied = await copyIndex(indexFile, copy);
    return copied.ok ? await use({ ...place, indexFile: copy }) : copied;
  } finally {
    await removeTree(directory);
  }
}

/** An index that is not there is an empty one. */
async function copyIndex(from: string, to: string): Promise<Outcome<void>> {
  try {
    const { mtimeMs } = await stat(from);
    await copyFile(from, to);
    // Git looks into files that are as young as the index. In whole seconds, since a copy that seems older looks into more.
    const seconds = Math.floor(mtimeMs / 1000);
    await utimes(to, seconds, seconds);
    return ok(undefined);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === null || !(error instanceof Error)) throw error;
    if (code === 'ENOENT') return ok(undefined);
    return fail('infrastructure', 'The index of git cannot be copied', { reason: error.message });
  }
}
