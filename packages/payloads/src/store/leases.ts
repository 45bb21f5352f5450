import { currentOwner, isOwnerAlive, ownerName, ownerOfName } from '@pikaci/host';
import type { Outcome, PayloadUser } from '@pikaci/model';
import { payloadLeasesDirectory } from '@pikaci/paths';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** `<key>.<owner>-<random>`: an empty file that says who uses a payload. */
const namePattern = /^([^.]+)\.(.+)-[0-9a-f]{8}$/;

/** The word of this process that it uses a payload. */
export interface Lease {
  release(): Promise<void>;
}

/** Says that this process uses a payload, or is about to look for it. It holds until it is released or the process ends. */
export async function takeLease(stateRoot: string, contentKey: string): Promise<Lease> {
  const directory = payloadLeasesDirectory(stateRoot);
  const owner = ownerName(await currentOwner());
  const path = join(directory, `${contentKey}.${owner}-${randomBytes(4).toString('hex')}`);
  const write = () => writeFile(path, '', { flag: 'wx' });
  await write().catch(async (error: unknown) => {
    // Only the first lease of a state root finds no directory.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(directory, { recursive: true });
    await write();
  });
  return { release: () => unlinkIfThere(path) };
}

/**
 * Looks for a payload, or makes it, with the word that this process uses it. When something comes of it the lease is
 * kept among the others, else it is given up.
 */
export async function underLease<T>(
  { stateRoot, leases }: { readonly stateRoot: string; readonly leases: Set<Lease> },
  contentKey: string,
  prepare: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const lease = await takeLease(stateRoot, contentKey);
  leases.add(lease);
  let isPrepared = false;
  try {
    const done = await prepare();
    isPrepared = done.ok && done.value !== null;
    return done;
  } finally {
    if (!isPrepared) {
      leases.delete(lease);
      await lease.release();
    }
  }
}

/** Who uses payloads, by their keys. Those who are gone use nothing. */
export async function payloadUsers(
  stateRoot: string,
): Promise<ReadonlyMap<string, readonly PayloadUser[]>> {
  const users = new Map<string, PayloadUser[]>();
  for (const { contentKey, user } of await readLeases(stateRoot)) {
    if (user !== null) users.set(contentKey, [...(users.get(contentKey) ?? []), user]);
  }
  return users;
}

/** Absolute paths of the leases of processes that are gone. */
export async function findDeadLeases(stateRoot: string): Promise<readonly string[]> {
  const leases = await readLeases(stateRoot);
  return leases.flatMap(({ path, user }) => (user === null ? [path] : []));
}

/** Removes the leases of processes that are gone. */
export async function sweepLeases(stateRoot: string): Promise<void> {
  for (const path of await findDeadLeases(stateRoot)) await unlinkIfThere(path);
}

interface FoundLease {
  readonly path: string;
  readonly contentKey: string;
  /** Null when the process is gone. */
  readonly user: PayloadUser | null;
}

async function readLeases(stateRoot: string): Promise<readonly FoundLease[]> {
  const directory = payloadLeasesDirectory(stateRoot);
  const self = await currentOwner();
  const found: FoundLease[] = [];
  for (const name of await readdir(directory).catch(() => [])) {
    const [, contentKey, ownerText] = namePattern.exec(name) ?? [];
    const owner = ownerText === undefined ? null : ownerOfName(ownerText, self);
    if (contentKey === undefined || owner === null) continue;
    const alive = await isOwnerAlive(owner);
    const user = { pid: owner.pid, onThisHost: owner.host === self.host };
    found.push({ path: join(directory, name), contentKey, user: alive ? user : null });
  }
  return found;
}

async function unlinkIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
}
