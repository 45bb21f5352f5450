import type { EntryRecord } from '@pikaci/paths';
import { chmodSync, linkSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { fileName, parentOf, pathOfRecord } from './entry-names.js';

/** Gives a tree what another one has, without a copy. */
export interface EntryLinker {
  /** A second name for a file; true when there is one then. */
  readonly linkFile: (record: EntryRecord) => boolean;
  /** A symbolic link with the same target. */
  readonly copyLink: (record: EntryRecord) => void;
}

/**
 * Makes files and links below one directory that another one has, and the directories that they lie in. Calls that do
 * not wait are several times faster here than those that do.
 */
export function entryLinker(sourceDir: string, targetDir: string): EntryLinker {
  const source = `${sourceDir}/`;
  const target = `${targetDir}/`;
  const makeDirectory = directoryMaker(target);
  const place = (record: EntryRecord) => {
    const path = pathOfRecord(record);
    makeDirectory(parentOf(path));
    return { from: fileName(source, path), to: fileName(target, path) };
  };
  return {
    linkFile: (record) => {
      const { from, to } = place(record);
      return linked(from, to);
    },
    copyLink: (record) => {
      const { from, to } = place(record);
      symlinkSync(readlinkSync(from, 'buffer'), to);
    },
  };
}

const modeForAll = 0o755;

/**
 * Makes directories below a root, each once, that everyone can read, whatever the umask.
 *
 * @param root with a slash at the end
 */
function directoryMaker(root: string): (path: string) => void {
  const made = new Set(['']);
  let needsMode: boolean | null = null;
  const make = (path: string): void => {
    if (made.has(path)) return;
    make(parentOf(path));
    const dir = fileName(root, path);
    mkdirSync(dir, modeForAll);
    // The first one tells whether the umask takes anything away.
    needsMode ??= (lstatSync(dir).mode & 0o777) !== modeForAll;
    if (needsMode) chmodSync(dir, modeForAll);
    made.add(path);
  };
  return make;
}

function linked(source: string | Buffer, target: string | Buffer): boolean {
  try {
    linkSync(source, target);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && recoverable.has(code)) return false;
    throw error;
  }
}

/** Then git writes the file. EPERM: the system lets nobody link files of others, or the file system has no hard links. */
const recoverable = new Set([
  'ENOENT',
  'EMLINK',
  'EXDEV',
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOTDIR',
]);
