import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

const chunkBytes = 64 * 1024;

/**
 * True when the snapshot has the same file with the same bytes: then it is not what the job wrote, but what somebody left
 * in the workspace. Reports tell times, so that one which is written again differs.
 */
export async function isUnchanged(
  file: FileHandle,
  snapshotDir: string,
  path: string,
): Promise<boolean> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const other = await open(join(snapshotDir, path), flags).catch(() => null);
  if (other === null) return false;
  try {
    const [ours, theirs] = [await file.stat(), await other.stat()];
    return theirs.isFile() && ours.size === theirs.size && (await isEqual(file, other, ours.size));
  } finally {
    await other.close();
  }
}

/** Reads at positions, so that whoever reads `file` next begins at its beginning. */
async function isEqual(file: FileHandle, other: FileHandle, size: number): Promise<boolean> {
  const [a, b] = [Buffer.alloc(chunkBytes), Buffer.alloc(chunkBytes)];
  for (let position = 0; position < size; position += chunkBytes) {
    const ours = await file.read(a, 0, chunkBytes, position);
    const theirs = await other.read(b, 0, chunkBytes, position);
    if (!a.subarray(0, ours.bytesRead).equals(b.subarray(0, theirs.bytesRead))) return false;
  }
  return true;
}
