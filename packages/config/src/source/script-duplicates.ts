import type { ConfigIssue } from '../config-issue.js';
import type { ConfigPath } from '../config-path.js';
import { duplicateKey } from './duplicate-key.js';
import { namedEntries, placeOf, type Expression } from './script-ast.js';
import { entryValue } from './script-positions.js';
import type { ExportedConfig } from './script-resolve.js';
import type { SourcePosition } from './source-position.js';

/** Every key that stands twice in one object literal of the exported configuration. */
export function scriptDuplicates({ root, resolve }: ExportedConfig): readonly ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  // An object that is used at several places is told of once; one that holds itself is not walked for ever.
  const visited = new Set<Expression>();
  const visit = (node: Expression | null, path: ConfigPath): void => {
    if (node === null || visited.has(node)) return;
    visited.add(node);
    if (node.type === 'ArrayExpression') {
      node.elements.forEach((element, index) => {
        if (element && element.type !== 'SpreadElement') visit(resolve(element), [...path, index]);
      });
    }
    if (node.type !== 'ObjectExpression') return;
    const seen = new Map<string, SourcePosition>();
    for (const { name, entry } of namedEntries(node)) {
      const place = placeOf(entry.key);
      const first = seen.get(name);
      if (place !== null && first !== undefined) {
        issues.push(duplicateKey([...path, name], first, place));
      }
      if (place !== null && first === undefined) seen.set(name, place);
      visit(entryValue(entry, resolve), [...path, name]);
    }
  };
  visit(root, []);
  return issues;
}
