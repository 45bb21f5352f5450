import { treeShape } from '../tree/tree-plan.js';
import { writeTree } from '../tree/write-tree.js';
import { answer, question } from './child.js';

/** A tree that is to be written. */
export interface TreeQuestion {
  readonly dir: string;
  readonly entries: number;
}

export interface TreeAnswer {
  /** A file deep in it, relative to it. */
  readonly deepFile: string;
}

const { dir, entries } = question<TreeQuestion>();
answer({ deepFile: writeTree(dir, treeShape(entries)) } satisfies TreeAnswer);
