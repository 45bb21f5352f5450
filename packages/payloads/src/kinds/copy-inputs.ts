import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readlink, symlink } from 'node:fs/promises';
import type { SnapshotFile } from '../key/snapshot-files.js';
import { joinBytes } from '../tree-walk.js';

/**
 * Copies input files into a build directory, with nothing of them but what counts for the key.
 *
 * @throws the signal's reason when it is raised before all are there
 */
export async function copyInputs(
  files: readonly SnapshotFile[],
  buildDir: string,
  signal: AbortSignal,
): Promise<void> {
  const root = Buffer.from(buildDir);
  const made = new Set<string>();
  for (const file of files) {
    signal.throwIfAborted();
    const target = joinBytes(root, file.relativePath);
    const parent = target.subarray(0, target.lastIndexOf('/'));
    if (!made.has(parent.toString('latin1'))) {
      await mkdir(parent, { recursive: true });
      made.add(parent.toString('latin1'));
    }
    await copyInput(file, target);
  }
}

async function copyInput(file: SnapshotFile, target: Buffer): Promise<void> {
  if (file.kind === 'link') {
    await symlink(await readlink(file.path, 'buffer'), target);
    return;
  }
  await copyFile(file.path, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await chmod(target, file.kind === 'executable' ? 0o755 : 0o644);
}
