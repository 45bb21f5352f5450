import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, gunzip } from 'node:zlib';
import { parseEntryLines } from './tree-entry-line.js';
import { treeDigest } from './tree-digest.js';

/**
 * The digest of a tree; what went into it is written to a compressed file, so that a later look can tell what differs.
 *
 * @throws the signal's reason when it is raised before the end
 */
export async function writeEntriesFile(
  root: string,
  file: string,
  signal: AbortSignal,
): Promise<string> {
  const compress = createGzip();
  const written = pipeline(compress, createWriteStream(file, { flags: 'wx' }));
  // It is heard of below; until then an error must not end the process.
  written.catch(() => undefined);
  try {
    return await treeDigest(root, async (line) => {
      signal.throwIfAborted();
      if (!compress.write(line)) await Promise.race([once(compress, 'drain'), written]);
    });
  } finally {
    compress.end();
    await written;
  }
}

/** What `writeEntriesFile` wrote: the facts of each entry by the bytes of its path in latin1. */
export async function readEntriesFile(file: string): Promise<ReadonlyMap<string, string>> {
  return parseEntryLines(await promisify(gunzip)(await readFile(file)));
}
