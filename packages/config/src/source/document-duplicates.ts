import { isMap, isNode, isSeq, type Document } from 'yaml';
import type { ConfigIssue } from '../config-issue.js';
import type { ConfigPath } from '../config-path.js';
import { keyText, type PositionOf } from './document-positions.js';
import { duplicateKey } from './duplicate-key.js';

/** Every key that stands twice in one mapping of a document. */
export function documentDuplicates(
  document: Document.Parsed,
  positionOf: PositionOf,
): readonly ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const visit = (node: unknown, path: ConfigPath): void => {
    if (isSeq(node)) node.items.forEach((item, index) => visit(item, [...path, index]));
    if (!isMap(node)) return;
    const seen = new Map<string, number>();
    for (const pair of node.items) {
      const key = keyText(pair.key);
      if (key === null) continue;
      const offset = isNode(pair.key) ? pair.key.range?.[0] : undefined;
      const first = seen.get(key);
      // Several merge keys are one way to write a merge of several mappings.
      if (first !== undefined && offset !== undefined && key !== '<<') {
        issues.push(duplicateKey([...path, key], positionOf(first), positionOf(offset)));
      }
      if (offset !== undefined && first === undefined) seen.set(key, offset);
      visit(pair.value, [...path, key]);
    }
  };
  visit(document.contents, []);
  return issues;
}
