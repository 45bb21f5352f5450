import { privateDirectory, removeTree, writeFileAtomically } from '@pikaci/host';
import { describeFailure, fail, type Outcome, type ProcessOwner } from '@pikaci/model';
import { access, lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The longest path of a Unix socket, in bytes: 108 with the NUL at its end, in Linux. */
const longestSocketPath = 107;

/** The directory of this user's runtime directory that holds one directory for each attempt with services. */
const servicesName = 'services';

/** In such a directory: whose it is. */
export const claimName = 'claim.json';

/** Whose sockets are in a directory. */
export interface SocketClaim {
  readonly runId: string;
  readonly stateRoot: string;
  readonly owner: ProcessOwner;
}

/** Where the directories of sockets are. */
export function socketDirectories(runtimeDir: string): string {
  return join(runtimeDir, servicesName);
}

/** The directory of the sockets of an attempt, named after the instance of its job. */
export function socketDirectory(runtimeDir: string, instance: string): string {
  return join(socketDirectories(runtimeDir), instance.replace(/^pikaci-/, ''));
}

/** The socket at which a service of an attempt is reached, by its place among them. */
export function socketPath(directory: string, index: number): string {
  return join(directory, `${index}.sock`);
}

/** Makes a directory that nobody but this user, and the server, can look into. */
export async function makeSocketDirectory(
  runtimeDir: string,
  directory: string,
  claim: SocketClaim,
): Promise<Outcome<void>> {
  const longest = socketPath(directory, 99);
  if (Buffer.byteLength(longest) > longestSocketPath) {
    return fail('config', `${longest} is too long for a socket`, {
      reason: `at most ${longestSocketPath} bytes are allowed`,
      hint: 'Name a directory with a shorter path in PIKACI_RUNTIME_DIR.',
    });
  }
  const uid = process.getuid?.() ?? null;
  for (const path of [runtimeDir, socketDirectories(runtimeDir)]) {
    const made = await privateDirectory(path, uid);
    if (!made.ok) return made;
  }
  // What is there is of this very attempt, which was begun before.
  await removeTree(directory);
  const made = await privateDirectory(directory, uid);
  if (!made.ok) return made;
  const claimed = await claimSockets(directory, claim);
  if (!claimed.ok) await removeTree(directory);
  return claimed;
}

/** Says whose the sockets of a directory are from now on. */
export function claimSockets(directory: string, claim: SocketClaim): Promise<Outcome<void>> {
  return writeFileAtomically(join(directory, claimName), `${JSON.stringify(claim)}\n`);
}

/** Whether the socket of a service is still there. */
export function hasSocket(directory: string, index: number): Promise<boolean> {
  return access(socketPath(directory, index)).then(
    () => true,
    () => false,
  );
}

/**
 * Removes the directory. Null when it is gone, or never was ours: in a place that everyone can write to, somebody else
 * may have put a link at the names of those above it.
 */
export async function removeSocketDirectory(directory: string): Promise<string | null> {
  const parent = dirname(directory);
  if (!(await isOwnDirectory(dirname(parent))) || !(await isOwnDirectory(parent))) return null;
  const removed = await removeTree(directory);
  return removed.ok ? null : describeFailure(removed.error);
}

async function isOwnDirectory(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  const uid = process.getuid?.();
  return found?.isDirectory() === true && (uid === undefined || found.uid === uid);
}
