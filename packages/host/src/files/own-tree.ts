import { chmod, lchown, lstat, readdir } from 'node:fs/promises';
import { fail, ok, type Outcome } from '@pikaci/model';
import { systemFailure } from '../system-error.js';
import { childPath, showPath, type BytePath } from './byte-path.js';
import { workThrough } from './work-pool.js';

/** A user and a group, as numbers. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** Owner of what this process writes; null on systems without users. */
export function currentFileOwner(): FileOwner | null {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  return uid === undefined || gid === undefined ? null : { uid, gid };
}

/**
 * Makes a tree that others have written to the owner's own. For root that is done here; any other user cannot take
 * files, so that one of somebody else is a failure that names it. Directories become ones that their owner may read.
 * Links are not followed.
 */
export async function ownTree(root: string, owner: FileOwner): Promise<Outcome<void>> {
  const foreign: string[] = [];
  try {
    await workThrough<BytePath>([Buffer.from(root)], async (path, add) => {
      const found = await lstat(path);
      if (found.uid !== owner.uid || found.gid !== owner.gid) {
        if (owner.uid === 0) await lchown(path, owner.uid, owner.gid);
        else if (found.uid !== owner.uid) foreign.push(showPath(path));
      }
      if (!found.isDirectory() || foreign.length > 0) return;
      if ((found.mode & 0o700) !== 0o700) await chmod(path, found.mode | 0o700);
      for (const name of await readdir(path, 'buffer')) add(childPath(path, name));
    });
  } catch (error) {
    return systemFailure(`The files in ${root} could not be taken over`, error, root);
  }
  const [first] = foreign;
  if (first === undefined) return ok(undefined);
  return fail('infrastructure', `The file ${first} belongs to somebody else`, {
    location: { file: first },
    reason: `it should belong to user ${owner.uid}`,
  });
}
