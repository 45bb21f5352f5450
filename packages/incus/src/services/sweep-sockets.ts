import type { SweepReport, SweepRequest } from '@pikaci/model';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ownerSchema } from '../marks.js';
import {
  claimName,
  removeSocketDirectory,
  socketDirectories,
  type SocketClaim,
} from './socket-directory.js';

const claimSchema = z.object({ runId: z.string(), stateRoot: z.string(), owner: ownerSchema });

/** Removes the sockets of services of this state root whose runs nobody goes on with. */
export async function sweepSockets(
  runtimeDir: string,
  stateRoot: string,
  request: SweepRequest,
): Promise<SweepReport> {
  const problems: string[] = [];
  const parent = socketDirectories(runtimeDir);
  for (const name of await readdir(parent).catch((): string[] => [])) {
    const directory = join(parent, name);
    const claim = await readClaim(directory);
    if (claim === null || claim.stateRoot !== stateRoot || request.signal.aborted) continue;
    if (!(await request.isAbandoned({ runId: claim.runId, owner: claim.owner }))) continue;
    const problem = await removeSocketDirectory(directory);
    if (problem !== null) problems.push(problem);
  }
  // Of a directory with nothing in it but sockets that lead nowhere there is nothing to tell.
  return { removed: [], problems };
}

/** Null for what is no directory of ours. */
async function readClaim(directory: string): Promise<SocketClaim | null> {
  try {
    return claimSchema.parse(JSON.parse(await readFile(join(directory, claimName), 'utf8')));
  } catch {
    return null;
  }
}
