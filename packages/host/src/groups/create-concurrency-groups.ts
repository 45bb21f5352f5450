import { join } from 'node:path';
import {
  err,
  fail,
  ok,
  type ConcurrencyGroups,
  type EnterGroupRequest,
  type GroupPlace,
  type Outcome,
} from '@pikaci/model';
import { sweepTemporaryFiles } from '../files/write-file-atomically.js';
import { acquireLock } from '../lock/acquire-lock.js';
import { unlinkIfThere } from '../lock/lock-file.js';
import { systemFailure } from '../system-error.js';
import { privateDirectory } from './runtime-directory.js';
import { drawTicket, holderOf, livingTickets, type Ticket } from './tickets.js';

export interface ConcurrencyGroupsOptions {
  /** Absolute. Made, for this user alone, when the first group is entered; its parent must exist. */
  readonly directory: string;
  /** The user's numeric id; null where there is none. */
  readonly uid: number | null;
  /** Between two looks at who is before us; 100 unless set: soon enough for a person, and cheap. */
  readonly pollMs?: number;
}

const usualPollMs = 100;

/**
 * Groups as directories of tickets. Whoever enters draws the next number; it is inside as soon as fewer than `limit`
 * living tickets have a smaller one, so nobody overtakes anybody. The tickets of dead processes do not count.
 */
export function createConcurrencyGroups(options: ConcurrencyGroupsOptions): ConcurrencyGroups {
  return {
    enter: async (request) => {
      try {
        const drawn = await draw(options, request);
        return drawn.ok
          ? await waitForTurn(drawn.value, request, options.pollMs ?? usualPollMs)
          : drawn;
      } catch (error) {
        return systemFailure(`The group \`${request.group}\` could not be entered`, error);
      }
    },
  };
}

async function draw(
  { directory, uid }: ConcurrencyGroupsOptions,
  { group, who, signal }: EnterGroupRequest,
): Promise<Outcome<Drawn>> {
  const dir = join(directory, group);
  for (const path of [directory, dir]) {
    const made = await privateDirectory(path, uid);
    if (!made.ok) return made;
  }
  const lock = await acquireLock(join(dir, '.lock'), { signal });
  if (!lock.ok) return lock;
  try {
    // Of the lock's earlier holders, if one was killed while it made it.
    await sweepTemporaryFiles(dir);
    return ok({ dir, ticket: await drawTicket(dir, who) });
  } finally {
    await lock.value.release();
  }
}

interface Drawn {
  readonly dir: string;
  readonly ticket: Ticket;
}

async function waitForTurn(
  { dir, ticket }: Drawn,
  { group, limit, signal, onWait }: EnterGroupRequest,
  pollMs: number,
): Promise<Outcome<GroupPlace>> {
  let entered = false;
  let told = '';
  try {
    for (;;) {
      if (signal.aborted) return cancelled(group);
      const living = await livingTickets(dir);
      const rank = living.findIndex(({ path }) => path === ticket.path);
      if (rank < 0) return lost(group, ticket);
      if (rank < limit) {
        entered = true;
        return ok({ leave: () => unlinkIfThere(ticket.path) });
      }
      const inside = await Promise.all(living.slice(0, limit).map(holderOf));
      if (told !== inside.join('\n')) onWait(inside);
      told = inside.join('\n');
      await pauseOrAbort(pollMs, signal);
    }
  } finally {
    if (!entered) await unlinkIfThere(ticket.path);
  }
}

function pauseOrAbort(pollMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, pollMs);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

function cancelled(group: string): Outcome<never> {
  return fail('cancelled', `Waiting for the group \`${group}\` was cancelled`);
}

function lost(group: string, { path }: Ticket): Outcome<never> {
  const lostTicket = fail('infrastructure', `The place in the group \`${group}\` was lost`, {
    location: { file: path },
    reason: 'somebody has removed its file',
    hint: 'Leave the directory alone while pikaci runs.',
  });
  return err(lostTicket.error);
}
