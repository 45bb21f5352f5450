import {
  findDeadLocks,
  findDeadStagingDirectories,
  releaseDeadLock,
  sweepStagingDirectories,
  sweepTemporaryFiles,
} from '@pikaci/host';
import type { PayloadLeftovers } from '@pikaci/model';
import {
  payloadDecisionsDirectory,
  payloadLockPrefix,
  payloadsDirectory,
  removedPayloadsDirectory,
} from '@pikaci/paths';
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

/** Removes what dead processes have left: staging directories, locks, leases, files. Nothing of living ones. */
export async function sweepLeftovers(stateRoot: string): Promise<void> {
  const directory = payloadsDirectory(stateRoot);
  await sweepStagingDirectories(directory);
  for (const lock of await findDeadLocks(directory, payloadLockPrefix)) await releaseDeadLock(lock);
  await sweepLeases(stateRoot);
  // Locks are written in full before they get their names.
  await sweepTemporaryFiles(directory);
  await sweepTemporaryFiles(payloadDecisionsDirectory(stateRoot));
  await sweepTemporaryFiles(removedPayloadsDirectory(stateRoot));
}
