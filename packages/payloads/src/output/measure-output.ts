import { ok, type Outcome } from '@pikaci/model';
import { streamTree, type TreeEntry } from '../tree-walk.js';
import { refusedEntry } from './refused-entry.js';

/** What a payload consists of. */
export interface OutputSize {
  /** Sum of the lengths of the files. */
  readonly sizeBytes: number;
  /** Files and links. */
  readonly fileCount: number;
}

/**
 * Checks every entry of an output that is used where it is, and changes nothing of it: it belongs to somebody else.
 *
 * @throws the signal's reason when it is raised before the end
 */
export async function measureOutput(
  payloadId: string,
  root: string,
  signal: AbortSignal,
): Promise<Outcome<OutputSize>> {
  return sizeOfEntries(payloadId, streamTree(root, { signal }));
}

/**
 * How much the entries of a tree are together; a failure when one of them has no place in a payload.
 *
 * @param onEntry called for each that has
 */
export async function sizeOfEntries(
  payloadId: string,
  entries: AsyncIterable<TreeEntry>,
  onEntry: (entry: TreeEntry) => void = () => undefined,
): Promise<Outcome<OutputSize>> {
  let sizeBytes = 0;
  let fileCount = 0;
  for await (const entry of entries) {
    const refused = refusedEntry(payloadId, entry);
    if (refused !== null) return { ok: false, error: refused };
    if (!entry.stats.isDirectory()) fileCount += 1;
    if (entry.stats.isFile()) sizeBytes += Number(entry.stats.size);
    onEntry(entry);
  }
  return ok({ sizeBytes, fileCount });
}
