import { createHash } from 'node:crypto';
import { lstatSync, readlinkSync } from 'node:fs';
import { digestFile } from './digest-file.js';
import type { TreePlace } from './ordered-tree.js';

/** What an entry of a tree is, as far as its digest is concerned. */
export interface DigestedEntry {
  readonly type: 'file' | 'directory' | 'link' | 'other';
  /**
   * All permission bits in octal: a file that unprivileged guests can no longer read is damaged as well. `-` for
   * links, which have none of their own.
   */
  readonly mode: string;
  /** sha256 of the content or of the link's target; `-` for everything else. */
  readonly content: string;
}

/**
 * One entry in the form in which it goes into a tree's digest: type, mode, content, and the path preceded by its length
 * in bytes, so that no two trees are the same bytes.
 */
export async function entryLine(place: TreePlace): Promise<Buffer> {
  const { type, mode, content } = await digestEntry(place);
  const { relativePath } = place;
  const facts = Buffer.from(`${type} ${mode} ${content} ${relativePath.length}:`);
  return Buffer.concat([facts, relativePath, Buffer.from('\n')]);
}

async function digestEntry({ path }: TreePlace): Promise<DigestedEntry> {
  // At once, as the reading of small files.
  const found = lstatSync(path);
  const mode = (found.mode & 0o7777).toString(8);
  if (found.isFile()) {
    return { type: 'file', mode, content: await digestFile(path, found.size) };
  }
  if (found.isDirectory()) return { type: 'directory', mode, content: '-' };
  if (!found.isSymbolicLink()) return { type: 'other', mode, content: '-' };
  const target = readlinkSync(path, 'buffer');
  return {
    type: 'link',
    mode: '-',
    content: createHash('sha256').update(target).digest('hex'),
  };
}

/** Reads lines that `entryLine` wrote, by the paths' bytes in latin1. */
export function parseEntryLines(lines: Buffer): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  let start = 0;
  while (start < lines.length) {
    const colon = lines.indexOf(':', start);
    const facts = lines.toString('latin1', start, colon);
    const space = facts.lastIndexOf(' ');
    const length = Number(facts.slice(space + 1));
    const end = colon + 1 + length;
    if (colon === -1 || !Number.isSafeInteger(length) || lines[end] !== 0x0a) {
      throw new RangeError(`no list of digested entries at byte ${start}`);
    }
    entries.set(lines.toString('latin1', colon + 1, end), facts.slice(0, space));
    start = end + 1;
  }
  return entries;
}
