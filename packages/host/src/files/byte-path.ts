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
