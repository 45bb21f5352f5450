/** A file or link of a snapshot. */
export interface SnapshotEntry {
  /** Relative to the snapshot's root. Names may be in any encoding. */
  readonly path: Buffer;
  /** As git records it: a file, an executable one, a symbolic link. */
  readonly mode: '100644' | '100755' | '120000';
  /** Name of the content: the id of git's blob, which for a link holds its target. */
  readonly object: string;
}

const tab = 0x09;

/**
 * Reads a snapshot's list of entries, one at a time: what `git ls-tree -r -z --full-tree` prints, which is mode, type,
 * object, a tab, the path, NUL; in the order of the paths' bytes.
 * @throws RangeError when it is no such list
 */
export function* parseSnapshotEntries(list: Uint8Array): Generator<SnapshotEntry> {
  const bytes = Buffer.from(list.buffer, list.byteOffset, list.byteLength);
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(0, start);
    const middle = bytes.indexOf(tab, start);
    if (end === -1 || middle === -1 || middle > end) throw notAList(start);
    const [mode, , object] = bytes.toString('latin1', start, middle).split(' ');
    if (!isMode(mode) || object === undefined) throw notAList(start);
    yield { path: bytes.subarray(middle + 1, end), mode, object };
    start = end + 1;
  }
}

/** Writes entries as `parseSnapshotEntries` reads them. */
export function formatSnapshotEntries(entries: Iterable<SnapshotEntry>): Buffer {
  const parts: Buffer[] = [];
  for (const { path, mode, object } of entries) {
    parts.push(Buffer.from(`${mode} blob ${object}\t`), path, Buffer.from([0]));
  }
  return Buffer.concat(parts);
}

function isMode(mode: string | undefined): mode is SnapshotEntry['mode'] {
  return mode === '100644' || mode === '100755' || mode === '120000';
}

function notAList(offset: number): RangeError {
  return new RangeError(`no list of snapshot entries at byte ${offset}`);
}
