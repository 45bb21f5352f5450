import type { Outcome } from '@pikaci/model';

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TreeRecipe } from '../recipe/tree-recipe.js';

/** What has to become of a case. */
export type CorpusExpectation =
  'accepted' | { readonly message: string; readonly reason: string | null; readonly hint: string };

/** One file of the corpus. */
export interface CorpusCase {
  /** Name of the file. */
  readonly name: string;
  readonly title: string;
  readonly tree: TreeRecipe;
  /** A text is written as it is; absent or null: the tree has what there is of a manifest. */
  readonly manifest?: unknown;
  readonly expect: CorpusExpectation;
}

/** All cases of a folder, one file each, in the order of their names. */
export function readCorpus(url: URL): readonly CorpusCase[] {
  const folder = fileURLToPath(url);
  const names = readdirSync(folder).sort();
  return names.map((name) => ({
    name: basename(name, '.json'),
    ...(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Omit<CorpusCase, 'name'>),
  }));
}

/** An outcome in the form of an expectation, with the changing part of paths replaced. */
export function asExpectation(outcome: Outcome<unknown>, dir: string): CorpusExpectation {
  if (outcome.ok) return 'accepted';
  const { message, reason, hint } = outcome.error;
  const steady = (text: string) =>
    text
      .replaceAll(dir, '<dir>')
      .replace(/\.staging-[0-9a-f-]+/g, '<staging>')
      .replace(/it is no JSON: .*/s, 'it is no JSON: …')
      .replace(/(\/d){50,}/g, '/d/…');
  return {
    message: steady(message),
    reason: reason === null ? null : steady(reason),
    hint: steady(hint ?? ''),
  };
}
