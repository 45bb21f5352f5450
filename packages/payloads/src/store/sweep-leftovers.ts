import {
  findDeadLocks,
  findDeadStagingDirectories,
  releaseDeadLock,
  sweepStagingDirectories,
} from '@pikaci/host';
import { payloadLockPrefix, payloadsDirectory } from '@pikaci/paths';
import { findDeadLeases, sweepLeases } from './leases.js';

/** Absolute paths of what dead processes have left beside the payloads. */
export interface Leftovers {
  readonly stagingDirectories: readonly string[];
  readonly locks: readonly string[];
  readonly leases: readonly string[];
}

export async function findLeftovers(stateRoot: string): Promise<Leftovers> {
  const directory = payloadsDirectory(stateRoot);
  const locks = await findDeadLocks(directory, payloadLockPrefix);
  return {
    stagingDirectories: await findDeadStagingDirectories(directory),
    locks: locks.map(({ path }) => path),
    leases: await findDeadLeases(stateRoot),
  };
}

/** Removes what dead processes have left: staging directories, locks, leases. Nothing of living ones. */
export async function sweepLeftovers(stateRoot: string): Promise<void> {
  const directory = payloadsDirectory(stateRoot);
  await sweepStagingDirectories(directory);
  for (const lock of await findDeadLocks(directory, payloadLockPrefix)) await releaseDeadLock(lock);
  await sweepLeases(stateRoot);
}
