/** Where an entry of an archive belongs; or why it belongs nowhere, in words that follow its name. */
export type EntryPath =
  /** Relative to the root; empty for the root itself, and for what lies above the stripped directories. */
  { readonly steps: readonly string[] } | { readonly problem: string };

/** Linux has no longer ones (NAME_MAX), and none as long as that in one call (PATH_MAX). */
const longestName = 255;
const longestPath = 4095;

/**
 * Checks the name of an entry and takes directories from its beginning.
 *
 * @param name in latin1: one character for each byte, since names may be in any encoding
 * @param rootLength bytes of the path that the result is put below
 */
export function entryPath(name: string, stripComponents: number, rootLength: number): EntryPath {
  if (name === '') return { problem: 'has an empty name' };
  if (name.includes('\0')) return { problem: 'has a zero byte in its name' };
  if (name.startsWith('/')) return { problem: 'has an absolute name' };
  const steps = name.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.includes('..')) return { problem: 'leads out of the archive with ".."' };
  if (steps.some((step) => step.length > longestName)) {
    return { problem: `has a name of more than ${longestName} bytes` };
  }
  const kept = steps.slice(stripComponents);
  if (rootLength + 1 + kept.join('/').length > longestPath) {
    return { problem: `would have a path of more than ${longestPath} bytes` };
  }
  return { steps: kept };
}
