import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { TreeEntry } from '../tree-walk.js';
import type { KeyInput } from '@pikaci/model';

/** What of each input file counts: its path, whether it is executable or a link, and its content. */
export async function inputIdentity(files: readonly TreeEntry[]): Promise<KeyInput[]> {
  const inputs: KeyInput[] = [];
  for (const file of files) inputs.push(await fileIdentity(file));
  return inputs;
}

async function fileIdentity(file: TreeEntry): Promise<KeyInput> {
  const name = `file ${pathText(file.relativePath)}`;
  if (file.stats.isSymbolicLink()) {
    return { name, value: `link ${pathText(await readlink(file.path, 'buffer'))}` };
  }
  const mode = isExecutable(file) ? 'executable' : 'file';
  return { name, value: `${mode} ${await digestFile(file.path)}` };
}

/** True when the owner may execute it, as git sees it. */
export function isExecutable(file: TreeEntry): boolean {
  return (file.stats.mode & 0o100n) !== 0n;
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
