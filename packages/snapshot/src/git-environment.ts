/** Variables that say how git finds repositories and settings on this machine; those that say which one are dropped. */
const kept =
  /^GIT_(CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH|SSL_.*|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+))$/;

/**
 * The environment of git calls. A hook or an editor may have set `GIT_DIR`, `GIT_INDEX_FILE` and their like for a
 * repository of its own; messages are asked for in English because some are told apart by their text.
 */
export function gitEnvironment(
  environment: NodeJS.ProcessEnv,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || (name.startsWith('GIT_') && !kept.test(name))) continue;
    result[name] = value;
  }
  return {
    ...result,
    LC_ALL: 'C',
    LANGUAGE: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    ...own,
  };
}

/**
 * Settings of every git call. Nothing of the user's may run (hooks, file system monitors, housekeeping), and nothing
 * may be written beside the private index (split indexes) or left out of it (sparse checkouts).
 */
export const gitSettings: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.splitIndex=false',
  'core.sparseCheckout=false',
  'index.sparse=false',
  'core.safecrlf=false',
  // Names that only other systems cannot have. A snapshot is never taken elsewhere by git.
  'core.protectNTFS=false',
  'core.protectHFS=false',
  'core.quotePath=false',
  'core.compression=0',
  'core.looseCompression=0',
  'core.fsync=none',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.addEmbeddedRepo=false',
  'advice.addIgnoredFile=false',
  // As many as there are cores; only matters for large trees.
  'checkout.workers=0',
].flatMap((setting) => ['-c', setting]);
