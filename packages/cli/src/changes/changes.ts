/** What is known of changes. */
export type Changes =
  /** Nobody asked for a filter. */
  | { readonly kind: 'not-asked' }
  /** Paths relative to the workspace root, each once, sorted; none when nothing changed. */
  | { readonly kind: 'known'; readonly files: readonly string[] }
  /** A filter was asked for, but there is nothing to go by. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Known changes from paths in any order. */
export function knownChanges(files: readonly string[]): Changes {
  return { kind: 'known', files: [...new Set(files)].sort() };
}
