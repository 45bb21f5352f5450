import { createHash } from 'node:crypto';
import { createLineMemo } from './line-memo.js';
import type { TreeScope } from './tree-scope.js';
import type { TreeBase } from './workspace-place.js';

/** What a plain index and the head commit say together, whatever the work tree is like. */
export interface PlainIndex {
  /** Whether the index differs from the head commit. */
  readonly isStaged: boolean;
}

/**
 * Remembers that a repository's index is plain: all of its entries are files that count, that git looks at, and that no
 * merge has left. Then files that were changed can be asked for alone, which is far less than the list of all.
 */
export interface IndexMemo {
  readonly recall: (key: string) => Promise<PlainIndex | null>;
  readonly note: (key: string, index: PlainIndex) => void;
  readonly keep: () => Promise<void>;
}

export function createIndexMemo(file: string): IndexMemo {
  const memo = createLineMemo(file);
  return {
    recall: async (key) => parse(await memo.read(), key),
    note: (key, { isStaged }) => memo.note(`${key} ${isStaged ? 'staged' : 'same'}`),
    keep: memo.keep,
  };
}

function parse(text: string, key: string): PlainIndex | null {
  const [, known, word] = /^([0-9a-f]{64}) (staged|same)\n$/.exec(text) ?? [];
  return known === key ? { isStaged: word === 'staged' } : null;
}

/** What tells an index, a head commit and what counts from others; null for an index that cannot be told. */
export function indexKey({ indexSum, head, prefix }: TreeBase, scope: TreeScope): string | null {
  if (indexSum === null || indexSum === '') return null;
  const { excluded, everything, rules } = scope;
  const facts = ['index-memo-1', indexSum, head, prefix, excluded, everything, rules.text];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
