import { readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findDeadStagingDirectories, removeTree } from '@pikaci/host';
import { identifierPattern } from '@pikaci/model';
import { runLayout, runsDirectory } from '@pikaci/paths';
import { isPinned } from './pin-run.js';

/** Absolute paths of what removals have left whose processes were killed. */
export function findBrokenRemovals(stateRoot: string): Promise<readonly string[]> {
  return findDeadStagingDirectories(runsDirectory(stateRoot));
}

/**
 * Ends removals whose processes were killed: a run that was pinned just before comes back, all others go. Best effort:
 * what stays is tried again next time.
 */
export async function sweepBrokenRemovals(stateRoot: string): Promise<void> {
  for (const bin of await findBrokenRemovals(stateRoot)) {
    const names = await readdir(bin).catch((): string[] => []);
    const lost = [];
    for (const runId of names.filter((name) => identifierPattern.test(name))) {
      if (!(await putBack(stateRoot, bin, runId))) lost.push(runId);
    }
    if (lost.length === 0) await removeTree(bin);
  }
}

/** False when a run is pinned and cannot be put back. */
async function putBack(stateRoot: string, bin: string, runId: string): Promise<boolean> {
  const { runDir, pinFile } = runLayout(stateRoot, runId);
  if (!(await isPinned(join(bin, runId, basename(pinFile))))) return true;
  return rename(join(bin, runId), runDir).then(
    () => true,
    () => false,
  );
}
