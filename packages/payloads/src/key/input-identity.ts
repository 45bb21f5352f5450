import type { KeyInput } from '@pikaci/model';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { SnapshotFile } from './snapshot-files.js';

/** What of each input file counts: its path, whether it is executable or a link, and its content. */
export async function inputIdentity(files: readonly SnapshotFile[]): Promise<KeyInput[]> {
  const inputs: KeyInput[] = [];
  for (const file of files) {
    const name = `file ${pathText(file.relativePath)}`;
    // The word in the middle says which of the ways to name a content this is.
    inputs.push({ name, value: `${file.kind} ${await contentName(file)}` });
  }
  return inputs;
}

async function contentName({ path, kind, object }: SnapshotFile): Promise<string> {
  if (object !== null) return `git ${object}`;
  if (kind === 'link') return `target ${pathText(await readlink(path, 'buffer'))}`;
  return `sha256 ${await digestFile(path)}`;
}

/** A path as text, without two paths having the same: bytes that are no UTF-8 are shown as hex. */
function pathText(path: Buffer): string {
  const text = path.toString('utf8');
  return Buffer.from(text).equals(path) ? text : `hex:${path.toString('hex')}`;
}

async function digestFile(path: Buffer): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
