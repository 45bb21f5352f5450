import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { inOrder } from './in-order.js';
import { orderedTree } from './ordered-tree.js';
import { entryLine } from './tree-entry-line.js';

/** How a digest was made; a change of method is a change of this word. */
const digestVersion = 'tree-v1';

/** Entries between two breathers: a millisecond or two of work. */
const breather = 64;

/** Large files that are read at the same time: as many as Node has threads for files. */
const width = 4;

/**
 * The digest of a whole tree: `tree-v1:` and the sha256 over the lines of all its entries in their order, in hex. Of
 * times, owners and hard links it knows nothing. Memory does not grow with the files.
 *
 * @param onLine receives what goes into the digest, line by line, and is waited for
 */
export async function treeDigest(
  root: string,
  onLine: (line: Buffer) => void | Promise<void> = () => undefined,
): Promise<string> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const line of inOrder(orderedTree(root), width, entryLine)) {
    hash.update(line);
    await onLine(line);
    count += 1;
    // Small files are read at once: now and then the rest of the process gets its turn.
    if (count % breather === 0) await setImmediate();
  }
  return `${digestVersion}:${hash.digest('hex')}`;
}
