import type { MatrixJob } from '@pikaci/model';
import type { ConfigIssue } from '../config-issue.js';
import type { ConfigPath } from '../config-path.js';

/** A configuration as it was read, with a shorthand written out. It need not satisfy the schema. */
export interface Expansion {
  readonly value: unknown;
  /** The place in the file of what is at a path of `value`. */
  readonly sourcePath: (path: ConfigPath) => ConfigPath;
  readonly issues: readonly ConfigIssue[];
}

/** The same, with what jobs have of matrices. */
export interface MatrixExpansion extends Expansion {
  readonly matrixJobs: Readonly<Record<string, MatrixJob>>;
}

export type PlainObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object without one of its keys. */
export function without(value: PlainObject, key: string): PlainObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

/** The entries of what should be an object; none where it is something else, of which the schema will tell. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}
