import type { EntryRecord } from '@pikaci/paths';

/** Of modes, only that of a link begins with 12. */
export function isLink({ list, start }: EntryRecord): boolean {
  return list[start + 1] === 0x32;
}

/** The path of a record; its characters stand for bytes. */
export function pathOfRecord({ list, pathStart, end }: EntryRecord): string {
  return list.toString('latin1', pathStart, end);
}

/** A path whose characters stand for bytes, as system calls take it; a text is faster, where it says the same. */
export function fileName(dir: string, path: string): string | Buffer {
  return ascii.test(path)
    ? dir + path
    : Buffer.concat([Buffer.from(dir), Buffer.from(path, 'latin1')]);
}

const ascii = /^[\0-\x7f]*$/;

/** The directory that a path lies in; empty at the top. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
