import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { createLineMemo } from './line-memo.js';

/** A tree that was told before. */
export interface RememberedTree {
  readonly treeId: string;
  readonly differs: boolean;
}

/** What a tree follows from: the index, and files that differ from it. */
export interface TreeCauses {
  /** Canonical path of the directory that the files lie in. */
  readonly root: string;
  /** Whatever else the tree depends on. */
  readonly facts: readonly (string | null)[];
  /** Files that are read to tell the tree, relative to the root, and files that are taken out of it. */
  readonly changed: readonly Buffer[];
  readonly unwanted: readonly Buffer[];
}

/**
 * Remembers the tree of a workspace with changes, so that they are not read again while nothing changes. As git's index
 * does for tracked files, it goes by times, sizes and inode numbers, and does not trust a file that is so young that
 * another change might leave its time as it is.
 */
export interface TreeMemo {
  readonly recall: (key: string) => Promise<RememberedTree | null>;
  /** Notes what is to be kept. */
  readonly note: (key: string, tree: RememberedTree) => void;
  /** Keeps what was noted, as well as it goes. */
  readonly keep: () => Promise<void>;
}

/** @param recalls false for a memo that only takes notes, because the tree has to be made in any case */
export function createTreeMemo(file: string, recalls: boolean): TreeMemo {
  const memo = createLineMemo(file);
  return {
    recall: async (key) => (recalls ? parse(await memo.read(), key) : null),
    note: (key, { treeId, differs }) =>
      memo.note(`${key} ${treeId} ${differs ? 'differs' : 'same'}`),
    keep: memo.keep,
  };
}

function parse(text: string, key: string): RememberedTree | null {
  const [, known, treeId, word] =
    /^([0-9a-f]{64}) ([0-9a-f]{40,64}) (same|differs)\n$/.exec(text) ?? [];
  if (known !== key || treeId === undefined) return null;
  return { treeId, differs: word === 'differs' };
}

/** Files that are looked at before whatever else waits for the process gets its turn. */
const filesAtATime = 500;

/** File systems and kernels keep times in steps of up to two seconds. */
const youngSeconds = 2;

/** What tells causes from others; null while one of the files is too young to be told from its next change. */
export async function causesKey(causes: TreeCauses): Promise<string | null> {
  const trusted = BigInt(Math.floor(Date.now() / 1000) - youngSeconds) * 1_000_000_000n;
  const hash = createHash('sha256').update(
    JSON.stringify(['tree-memo-1', causes.root, ...causes.facts]),
  );
  for (const path of causes.unwanted) hash.update('\0unwanted\0').update(path);
  const root = Buffer.from(`${causes.root}/`);
  for (const [index, path] of causes.changed.entries()) {
    const state = stateOf(Buffer.concat([root, path]), trusted);
    if (state === null) return null;
    hash.update('\0changed\0').update(path).update(`\0${state}`);
    if (index % filesAtATime === filesAtATime - 1) await new Promise((done) => setImmediate(done));
  }
  return hash.digest('hex');
}

/** Null when it changed after the time until which times are trusted, or cannot be told: git will say why. */
function stateOf(path: Buffer, trustedNs: bigint): string | null {
  try {
    const { mode, size, ino, dev, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
    return ctimeNs > trustedNs ? null : [mode, size, ino, dev, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : null;
  }
}
