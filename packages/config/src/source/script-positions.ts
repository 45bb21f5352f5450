import type { ConfigPath } from '../config-path.js';
import type { ConfigSource } from './config-source.js';
import {
  namedEntries,
  placeOf,
  type Expression,
  type ObjectEntry,
  type PlacedNode,
} from './script-ast.js';
import type { ExportedConfig, Resolve } from './script-resolve.js';
import { startOfFile } from './source-position.js';

interface Child {
  readonly key: PlacedNode | null;
  readonly value: Expression | null;
}

/**
 * Finds places in the object literal that a module exports. What the file does not show (spread, computed, imported) has
 * the place of the nearest thing around it that the file does show.
 */
export function locateInScript({ root, resolve }: ExportedConfig): ConfigSource['locate'] {
  return (path, part) => {
    let place = (root && placeOf(root)) ?? startOfFile;
    let node = root;
    for (const [index, segment] of path.entries()) {
      const child: Child | null = node && findChild(node, segment, resolve);
      if (child === null) return place;
      const key = child.key && placeOf(child.key);
      const value = child.value && placeOf(child.value);
      const isLast = index === path.length - 1;
      if (isLast && part === 'value') return value ?? key ?? place;
      place = key ?? value ?? place;
      node = child.value;
    }
    return place;
  };
}

function findChild(
  parent: Expression,
  segment: ConfigPath[number],
  resolve: Resolve,
): Child | null {
  if (parent.type === 'ObjectExpression') {
    const found = namedEntries(parent).findLast(({ name }) => name === String(segment));
    return found === undefined
      ? null
      : { key: found.entry.key, value: entryValue(found.entry, resolve) };
  }
  if (parent.type === 'ArrayExpression' && typeof segment === 'number') {
    const before = parent.elements.slice(0, segment + 1);
    const element = before[segment];
    // Behind a spread element the indices are no longer those of the list.
    if (!element || before.some((item) => item?.type === 'SpreadElement')) return null;
    return { key: null, value: resolve(element as Expression) };
  }
  return null;
}

/** The expression of an entry; null for methods and patterns. */
export function entryValue(entry: ObjectEntry, resolve: Resolve): Expression | null {
  return entry.type === 'ObjectProperty' ? resolve(entry.value as Expression) : null;
}
