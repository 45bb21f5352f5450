import type { ConfigIssue } from '../config-issue.js';
import type { ConfigPath } from '../config-path.js';
import type { SourcePlace } from './source-position.js';

/** A configuration file that has been read: what it says, and where it says it. */
export interface ConfigSource {
  readonly value: unknown;
  /** What is wrong although the value does not show it: keys that are given twice. */
  readonly issues: readonly ConfigIssue[];
  /** What looks wrong but does no harm. */
  readonly warnings: readonly ConfigIssue[];
  /** The place of a key or value; when it is not in the file, that of the nearest thing around it that is. */
  readonly locate: (path: ConfigPath, part: ConfigIssue['part']) => SourcePlace;
}

/** A configuration file, or all the reasons why it cannot be read. */
export type ReadSource =
  | { readonly ok: true; readonly source: ConfigSource }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

/** A file that cannot be read for one reason at one place. */
export function unreadable(
  message: string,
  position: SourcePlace,
  hint?: string,
): { readonly ok: false; readonly issues: readonly ConfigIssue[] } {
  const issue: ConfigIssue = { message, path: [], part: 'value', position };
  return { ok: false, issues: [hint === undefined ? issue : { ...issue, hint }] };
}
