import { isAlias, isMap, isNode, isScalar, isSeq, type Document, type Node } from 'yaml';
import type { ConfigPath } from '../config-path.js';
import type { ConfigSource } from './config-source.js';
import { startOfFile, type SourcePlace, type SourcePosition } from './source-position.js';

/** Turns an offset in a document into a place. */
export type PositionOf = (offset: number) => SourcePosition;

/** Finds places in a YAML or JSON document. A key that is not there is looked for no further: its parent's place counts. */
export function locateInDocument(
  document: Document.Parsed,
  positionOf: PositionOf,
): ConfigSource['locate'] {
  const placeOf = (node: unknown) => nodePlace(node, positionOf);
  return (path, part) => {
    let node: unknown = document.contents;
    let place: SourcePlace = placeOf(node) ?? startOfFile;
    for (const [index, segment] of path.entries()) {
      const child = findChild(document, node, segment);
      if (child === null) return place;
      const isLast = index === path.length - 1;
      const key = placeOf(child.key);
      if (isLast && part === 'value') {
        const value = isEmpty(child.value) ? null : placeOf(child.value);
        return value ?? key ?? place;
      }
      place = key ?? placeOf(child.value) ?? place;
      node = child.value;
    }
    return place;
  };
}

/** The place of a node and of its end; null for what is no node of the file. */
export function nodePlace(node: unknown, positionOf: PositionOf): SourcePlace | null {
  if (!isNode(node) || !node.range) return null;
  const [start, end] = node.range;
  return { ...positionOf(start), end: positionOf(end) };
}

/** The text of a key, as it is in the value that the document stands for; null when it is no scalar. */
export function keyText(key: unknown): string | null {
  if (key === null) return '';
  return isScalar(key) ? String(key.value) : null;
}

/** True for the value of a bare `key:`, which is not to be seen in the file. */
function isEmpty(value: unknown): boolean {
  return isScalar(value) && value.value === null && (value.source ?? '') === '';
}

function findChild(
  document: Document.Parsed,
  parent: unknown,
  segment: ConfigPath[number],
): { readonly key: unknown; readonly value: unknown } | null {
  const node = resolveAlias(document, parent);
  if (isMap(node)) {
    return node.items.findLast((pair) => keyText(pair.key) === String(segment)) ?? null;
  }
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment];
    return item === undefined ? null : { key: null, value: item };
  }
  return null;
}

function resolveAlias(document: Document.Parsed, node: unknown): Node | null {
  if (isAlias(node)) return node.resolve(document) ?? null;
  return isNode(node) ? node : null;
}
