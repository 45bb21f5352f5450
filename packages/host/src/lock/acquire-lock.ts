import { fail, ok, type Failure, type Outcome } from '@pikaci/model';
import { systemFailure } from '../system-error.js';
import {
  linkIfFree,
  newToken,
  readLock,
  stageEntry,
  unlinkIfThere,
  type LockEntry,
} from './lock-file.js';
import { currentOwner, isOwnerAlive, type Owner } from './owner.js';
import { takeOver } from './take-over.js';

/** A lock that this process holds. */
export interface Lock {
  readonly path: string;
  /** Gives the lock up; more than once is fine. */
  release(): Promise<Outcome<void>>;
}

export interface LockOptions {
  readonly signal?: AbortSignal;
  /** Hears once of each owner that has to be waited for. */
  readonly onWait?: (owner: Owner) => void;
}

/** Between two looks at a lock that somebody holds. */
const pollMs = 50;

/**
 * Waits for a lock file and creates it. The lock of a process that is gone is taken over. The directory must exist.
 * The lock holds for other processes and for other callers in this one; it is not re-entrant.
 */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<Outcome<Lock>> {
  let staged: string | null = null;
  try {
    const entry: LockEntry = { owner: await currentOwner(), token: newToken() };
    staged = await stageEntry(path, entry);
    const waited = await waitForLock(path, staged, options);
    return waited === null ? ok(heldLock(path, entry.token)) : { ok: false, error: waited };
  } catch (error) {
    return systemFailure(`The lock ${path} could not be taken`, error, path);
  } finally {
    if (staged !== null) await unlinkIfThere(staged);
  }
}

/** Null when the staged entry has become the lock. */
async function waitForLock(
  path: string,
  staged: string,
  options: LockOptions,
): Promise<Failure | null> {
  let heardOf: string | null = null;
  for (;;) {
    if (options.signal?.aborted === true) return cancelled(path);
    if (await linkIfFree(staged, path)) return null;
    const found = await readLock(path);
    if (found === 'none') continue;
    if (found === 'damaged') return damaged(path);
    if (!(await isOwnerAlive(found.owner))) {
      if (await takeOver(path, found.token, staged)) return null;
    } else if (heardOf !== found.token) {
      heardOf = found.token;
      options.onWait?.(found.owner);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function heldLock(path: string, token: string): Lock {
  return {
    path,
    release: async () => {
      try {
        const found = await readLock(path);
        // A living owner's lock is never taken over, so between the look and the removal nothing changes.
        if (found !== 'none' && found !== 'damaged' && found.token === token) {
          await unlinkIfThere(path);
        }
        return ok(undefined);
      } catch (error) {
        return systemFailure(`The lock ${path} could not be released`, error, path);
      }
    },
  };
}

function cancelled(path: string): Failure {
  return fail('cancelled', `Waiting for the lock ${path} was cancelled`).error;
}

function damaged(path: string): Failure {
  return fail('infrastructure', `The lock ${path} cannot be read`, {
    location: { file: path },
    reason: 'it holds something else than a lock',
    hint: 'Remove the file if no pikaci is running.',
  }).error;
}
