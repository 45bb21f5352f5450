import { quoteText, type PayloadDifference } from '@pikaci/model';

/** Most paths that are told: they name what happened, and more would bury the rest. */
const mostDifferences = 20;

/** What differs between two lists of digested entries: facts by path, the path's bytes in latin1. */
export function compareEntries(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): { readonly differences: readonly PayloadDifference[]; readonly differenceCount: number } {
  const found: PayloadDifference[] = [];
  for (const [path, facts] of before) {
    const now = after.get(path);
    if (now === facts) continue;
    found.push({ path: shownPath(path), what: now === undefined ? 'missing' : change(facts, now) });
  }
  for (const path of after.keys()) {
    if (!before.has(path)) found.push({ path: shownPath(path), what: 'added' });
  }
  return { differences: found.slice(0, mostDifferences), differenceCount: found.length };
}

/** Facts are type, mode and content. */
function change(before: string, after: string): 'changed' | 'mode changed' {
  const [type, , content] = before.split(' ');
  const [typeNow, , contentNow] = after.split(' ');
  return type === typeNow && content === contentNow ? 'mode changed' : 'changed';
}

function shownPath(path: string): string {
  if (path === '') return '.';
  const text = Buffer.from(path, 'latin1').toString('utf8');
  return /^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(text) ? text : quoteText(text);
}
