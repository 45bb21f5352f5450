import { systemErrorCode } from '@pikaci/host';
import { link, mkdir, open, symlink } from 'node:fs/promises';
import { constants } from 'node:fs';
import { joinBytes } from '../tree-walk.js';
import { entryPath } from './entry-path.js';
import type { TarEntry, TarEntryType } from './tar-entries.js';

/** Puts the entries of an archive into a directory, one after the other. */
export interface TreeWriter {
  /** Why an entry is refused, in words that follow its name; null when it is in its place. */
  place(entry: TarEntry): Promise<string | null>;
  /** How many entries lay above the directories that are stripped. */
  readonly strippedCount: () => number;
  readonly placedCount: () => number;
}

type Placed = 'directory' | 'file' | 'symlink';

const refusedTypes: Readonly<Partial<Record<TarEntryType, string>>> = {
  device: 'is a device',
  fifo: 'is a named pipe',
  unknown: 'is of a type that is not known, such as a sparse file',
};
const specialBits = 0o6000;

/**
 * Writes into an empty directory that nobody else writes to. Each entry's way is checked against what the archive itself
 * has put there before, so no link is ever followed: not when a file is written, and not when one is linked.
 */
export function createTreeWriter(root: string, stripComponents: number): TreeWriter {
  const rootBytes = Buffer.from(root);
  const placed = new Map<string, Placed>();
  let strippedCount = 0;
  const at = (path: string) => joinBytes(rootBytes, Buffer.from(path, 'latin1'));
  const stepsOf = (name: string) => entryPath(name, stripComponents, rootBytes.length);

  const makeParents = async (steps: readonly string[]): Promise<string | null> => {
    for (let length = 1; length < steps.length; length += 1) {
      const path = steps.slice(0, length).join('/');
      const found = placed.get(path);
      if (found === undefined) {
        await mkdir(at(path));
        placed.set(path, 'directory');
      } else if (found !== 'directory') {
        return `lies below ${shown(path)}, which is a ${found === 'file' ? 'file' : 'link'}`;
      }
    }
    return null;
  };

  const placeLink = async (entry: TarEntry, path: string): Promise<string | null> => {
    const source = stepsOf(entry.target);
    if ('problem' in source)
      return `is a hard link to ${shown(entry.target)}, which ${source.problem}`;
    const target = source.steps.join('/');
    if (placed.get(target) !== 'file') {
      return `is a hard link to ${shown(entry.target)}, which is no file that the archive has before it`;
    }
    await link(at(target), at(path));
    placed.set(path, 'file');
    return null;
  };

  const placeAt = async (entry: TarEntry, path: string): Promise<string | null> => {
    if (entry.type === 'link') return placeLink(entry, path);
    if (entry.type === 'symlink') {
      if (entry.target === '') return 'is a link to nothing';
      await symlink(Buffer.from(entry.target, 'latin1'), at(path));
      placed.set(path, 'symlink');
    } else if (entry.type === 'directory') {
      await mkdir(at(path));
      placed.set(path, 'directory');
    } else {
      await writeContent(entry, at(path));
      placed.set(path, 'file');
    }
    return null;
  };

  const place = async (entry: TarEntry): Promise<string | null> => {
    const refused = entryProblem(entry);
    if (refused !== null) return refused;
    const found = stepsOf(entry.name);
    if ('problem' in found) return found.problem;
    const { steps } = found;
    const path = steps.join('/');
    if (path === '') {
      if (stripComponents === 0 && entry.type !== 'directory') return 'has no name';
      if (entry.type !== 'directory') strippedCount += 1;
      return null;
    }
    const inTheWay = await makeParents(steps);
    if (inTheWay !== null) return inTheWay;
    const before = placed.get(path);
    if (before === 'directory' && entry.type === 'directory') return null;
    if (before !== undefined) return 'is in the archive twice';
    return placeAt(entry, path);
  };

  return {
    place: async (entry) => {
      try {
        return await place(entry);
      } catch (error) {
        // A file system that takes two names for one.
        if (systemErrorCode(error) === 'EEXIST') return 'is in the archive twice';
        throw error;
      }
    },
    strippedCount: () => strippedCount,
    placedCount: () => placed.size,
  };
}

function entryProblem(entry: TarEntry): string | null {
  if (entry.isGarbled) return 'has a name in an extended header that is no UTF-8';
  const refused = refusedTypes[entry.type];
  if (refused !== undefined) return refused;
  if (entry.type === 'file' && (entry.mode & specialBits) !== 0) {
    return 'has the setuid or setgid bit, and would run with rights of its own in every job';
  }
  return null;
}

async function writeContent(entry: TarEntry, path: Buffer): Promise<void> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const file = await open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    for await (const chunk of entry.content) await file.writeFile(chunk);
    await file.chmod(entry.mode & 0o777);
    if (entry.modifiedAt !== null) await file.utimes(entry.modifiedAt, entry.modifiedAt);
  } finally {
    await file.close();
  }
}

/** A name as people read it. */
function shown(name: string): string {
  return JSON.stringify(Buffer.from(name, 'latin1').toString('utf8'));
}
