import type { ConfigIssue } from '../config-issue.js';
import { configPathKey } from '../config-path.js';

/** The items that have the key of an earlier one, each with the first of that key. */
export function repeats<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): { readonly first: T; readonly again: T }[] {
  const firsts = new Map<string, T>();
  return items.flatMap((again) => {
    const key = keyOf(again);
    const first = firsts.get(key);
    if (first !== undefined) return [{ first, again }];
    firsts.set(key, again);
    return [];
  });
}

/** The issues without those that say the same of the same place. */
export function distinctIssues(issues: readonly ConfigIssue[]): readonly ConfigIssue[] {
  const keyOf = (issue: ConfigIssue) => `${configPathKey(issue.path)} ${issue.message}`;
  return [...new Map(issues.map((issue) => [keyOf(issue), issue])).values()];
}
