import { createIndexMemo, type IndexMemo } from './index-memo.js';
import { createTreeMemo, type TreeMemo } from './tree-memo.js';

/** What is remembered of a workspace between two looks at it. */
export interface WorkspaceMemo {
  readonly index: IndexMemo;
  readonly tree: TreeMemo;
  /** Keeps what was noted of both. */
  readonly keep: () => Promise<void>;
}

/**
 * @param file that of the tree; the one of the index lies beside it
 * @param recallsTree false when the tree has to be made in any case
 */
export function createWorkspaceMemo(file: string, recallsTree: boolean): WorkspaceMemo {
  const index = createIndexMemo(`${file}.index`);
  const tree = createTreeMemo(file, recallsTree);
  return {
    index,
    tree,
    keep: async () => {
      await tree.keep();
      await index.keep();
    },
  };
}
