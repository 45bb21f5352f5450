import type { ConfigPath } from '../config-path.js';
import type { Combination } from './combinations.js';
import { isObject } from './expansion.js';

/** A reference to an axis that a combination does not have. */
export interface UnknownAxis {
  readonly name: string;
  readonly path: ConfigPath;
}

/** `${matrix:node}`; with a second dollar before it, it is plain text. */
const reference = /(\$?)\$\{matrix:([^}\n]*)\}/gu;

/** Replaces `${matrix:<axis>}` in all texts of a value, the keys excepted. */
export function replaceMatrixReferences(
  value: unknown,
  values: Combination,
  path: ConfigPath,
): { readonly value: unknown; readonly unknown: readonly UnknownAxis[] } {
  const unknown: UnknownAxis[] = [];
  const replace = (part: unknown, at: ConfigPath): unknown => {
    if (typeof part === 'string') {
      return part.replaceAll(reference, (text: string, escape: string, name: string) => {
        if (escape !== '') return text.slice(1);
        if (!Object.hasOwn(values, name)) unknown.push({ name, path: at });
        return values[name] ?? text;
      });
    }
    if (Array.isArray(part)) return part.map((entry, index) => replace(entry, [...at, index]));
    if (!isObject(part)) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]) => [key, replace(inner, [...at, key])]),
    );
  };
  return { value: replace(value, path), unknown };
}
