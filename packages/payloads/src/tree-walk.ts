import type { BigIntStats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';

/** One entry of a tree. Names need not be UTF-8, so paths are bytes. */
export interface TreeEntry {
  /** Absolute. */
  readonly path: Buffer;
  /** Relative to the root of the walk, with slashes; empty for the root itself. */
  readonly relativePath: Buffer;
  readonly stats: BigIntStats;
}

const slash = Buffer.from('/');

/** The path of an entry of a directory; `dir` may be empty for relative paths. */
export function joinBytes(dir: Buffer, name: Buffer): Buffer {
  return dir.length === 0 ? name : Buffer.concat([dir, slash, name]);
}

/**
 * A tree, each directory before what is in it. Links are not followed.
 *
 * @param maxDepth counts from the root's entries
 * @param enter called before a directory is read
 */
export async function walkTree(
  root: string,
  maxDepth = Infinity,
  enter: (directory: TreeEntry) => Promise<void> = () => Promise.resolve(),
): Promise<TreeEntry[]> {
  const path = Buffer.from(root);
  const first = { path, relativePath: Buffer.alloc(0), stats: await lstat(path, { bigint: true }) };
  const entries: TreeEntry[] = [first];
  let level: TreeEntry[] = [first];
  for (let depth = 0; depth < maxDepth && level.length > 0; depth += 1) {
    const next: TreeEntry[] = [];
    for (const entry of level) {
      if (!entry.stats.isDirectory()) continue;
      await enter(entry);
      for (const found of await readEntries(entry)) next.push(found);
    }
    for (const entry of next) entries.push(entry);
    level = next;
  }
  return entries;
}

/** How a tree is streamed. */
export interface StreamOptions {
  /** Called before a directory is read. */
  readonly enter?: (directory: TreeEntry) => Promise<void>;
  /** Raised to end the walk. */
  readonly signal?: AbortSignal;
}

/**
 * A tree as it is found, each directory right before what is in it, names in the order of their bytes. Links are not
 * followed. Only what is beside the way to the present entry is kept in memory, so that large trees may be walked.
 *
 * @throws the signal's reason when it is raised before the end
 */
export async function* streamTree(
  root: string,
  { enter, signal }: StreamOptions = {},
): AsyncGenerator<TreeEntry> {
  const path = Buffer.from(root);
  const first = { path, relativePath: Buffer.alloc(0), stats: await lstat(path, { bigint: true }) };
  const waiting: TreeEntry[] = [first];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    signal?.throwIfAborted();
    yield entry;
    if (!entry.stats.isDirectory()) continue;
    await enter?.(entry);
    for (const found of sortByPath(await readEntries(entry)).reverse()) waiting.push(found);
  }
}

async function readEntries(dir: TreeEntry): Promise<TreeEntry[]> {
  const names = await readdir(dir.path, { encoding: 'buffer' });
  return Promise.all(
    names.map(async (name) => {
      const path = joinBytes(dir.path, name);
      const relativePath = joinBytes(dir.relativePath, name);
      return { path, relativePath, stats: await lstat(path, { bigint: true }) };
    }),
  );
}

/** In the order of their bytes, which no locale changes. */
export function sortByPath<T extends { readonly relativePath: Buffer }>(
  entries: readonly T[],
): T[] {
  return [...entries].sort((a, b) => Buffer.compare(a.relativePath, b.relativePath));
}
