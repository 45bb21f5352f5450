import {
  findDeadLocks,
  findDeadStagingDirectories,
  releaseDeadLock,
  sweepStagingDirectories,
} from '@pikaci/host';
import type { PayloadLeftovers } from '@pikaci/model';
import { payloadLockPrefix, payloadsDirectory } from '@pikaci/paths';
import { findDeadLeases, sweepLeases } from './leases.js';

/** What dead processes have left beside the payloads. */
export async function findLeftovers(stateRoot: string): Promise<PayloadLeftovers> {
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
