/** A path as the file system has it: names need not be UTF-8, so they are carried as bytes. */
export type BytePath = Buffer;

const slash = Buffer.from('/');

/** The path of an entry of a directory. */
export function childPath(dir: BytePath, name: Buffer): BytePath {
  return Buffer.concat([dir, slash, name]);
}

/** For messages; bytes that are no UTF-8 are shown as the replacement character. */
export function showPath(path: BytePath): string {
  return path.toString('utf8');
}

/**
 * A path to be kept for long, in which each character stands for a byte. A small buffer is a part of a larger one, all of
 * which stays in memory as long as the part does.
 */
export type KeptPath = string & { readonly kept?: never };

export const keepPath = (path: BytePath): KeptPath => path.toString('latin1');

/** The path as it was. */
export const keptBytes = (path: KeptPath): BytePath => Buffer.from(path, 'latin1');
