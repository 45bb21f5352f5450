/** What is known of changes. A `note` is a line for the user about where that comes from. */
export type Changes = { readonly note?: string } & (
  | /** Nobody asked for a filter. */ { readonly kind: 'not-asked' }
    /** Paths relative to the workspace root, each once, sorted; none when nothing changed. */
  | { readonly kind: 'known'; readonly files: readonly string[] }
  /** A filter was asked for, but there is nothing to go by. */
  | { readonly kind: 'unknown'; readonly why: string }
);

/** Known changes from paths in any order. */
export function knownChanges(files: readonly string[]): Changes {
  return { kind: 'known', files: [...new Set(files)].sort() };
}
