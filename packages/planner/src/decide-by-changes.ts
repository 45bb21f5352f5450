import { isExclusion, lastMatch } from '@pikaci/paths';

/** Whether something with path filters is to be run, and why. */
export type ChangeDecision =
  | {
      readonly selected: true;
      readonly reason:
        | { readonly kind: 'no-filter' }
        | { readonly kind: 'no-information' }
        /** The first changed file that matters, and the pattern that had the last word on it. */
        | { readonly kind: 'matched'; readonly file: string; readonly pattern: string };
    }
  | {
      readonly selected: false;
      readonly reason:
        | { readonly kind: 'nothing-changed' }
        | {
            readonly kind: 'nothing-matched';
            readonly fileCount: number;
            readonly patternCount: number;
          };
    };

/** Stands before a list that begins with an exclusion, and is named where it decides. */
const everything = '**';

/**
 * Decides by what changed. `paths` are globs relative to the workspace root, as the changed files are.
 *
 * As in a `.gitignore` the order counts: of the patterns that match a file the last one has the word, and one with a
 * leading `!` takes the file out. A list that begins with an exclusion begins with all files: it would match nothing
 * otherwise, and skip for ever. No patterns at all mean that every change matters, also none; `null` means that nobody
 * knows what changed, which is no reason to leave anything out.
 */
export function decideByChanges(
  paths: readonly string[],
  changedFiles: readonly string[] | null,
): ChangeDecision {
  const [first] = paths;
  if (first === undefined) return { selected: true, reason: { kind: 'no-filter' } };
  if (changedFiles === null) return { selected: true, reason: { kind: 'no-information' } };
  if (changedFiles.length === 0) return { selected: false, reason: { kind: 'nothing-changed' } };
  const patterns = isExclusion(first) ? [everything, ...paths] : paths;
  const lastWordOn = lastMatch(patterns);
  for (const file of changedFiles) {
    const pattern = lastWordOn(file);
    if (pattern !== undefined && !isExclusion(pattern)) {
      return { selected: true, reason: { kind: 'matched', file, pattern } };
    }
  }
  const counts = { fileCount: changedFiles.length, patternCount: paths.length };
  return { selected: false, reason: { kind: 'nothing-matched', ...counts } };
}
