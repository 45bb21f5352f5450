import { isMap, isSeq, type Document } from 'yaml';
import type { ConfigIssue } from '../config-issue.js';
import type { ConfigPath } from '../config-path.js';
import { keyText, nodePlace, type PositionOf } from './document-positions.js';
import { duplicateKey } from './duplicate-key.js';
import type { SourcePlace } from './source-position.js';

/** Every key that stands twice in one mapping of a document. */
export function documentDuplicates(
  document: Document.Parsed,
  positionOf: PositionOf,
): readonly ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const visit = (node: unknown, path: ConfigPath): void => {
    if (isSeq(node)) node.items.forEach((item, index) => visit(item, [...path, index]));
    if (!isMap(node)) return;
    const seen = new Map<string, SourcePlace>();
    for (const pair of node.items) {
      const key = keyText(pair.key);
      if (key === null) continue;
      const place = nodePlace(pair.key, positionOf);
      const first = seen.get(key);
      // Several merge keys are one way to write a merge of several mappings.
      if (first !== undefined && place !== null && key !== '<<') {
        issues.push(duplicateKey([...path, key], first, place));
      }
      if (place !== null && first === undefined) seen.set(key, place);
      visit(pair.value, [...path, key]);
    }
  };
  visit(document.contents, []);
  return issues;
}
