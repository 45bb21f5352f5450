import { isOwnerAlive } from '@pikaci/host';
import type { Remains, RunStore } from '@pikaci/model';

/**
 * Tells whether nobody goes on with a run, so that what it left may be removed. A run whose record still says that it is
 * running is never one: it is closed or gone on with first, by the one process that has taken it over.
 */
export async function isAbandoned(store: RunStore, remains: Remains): Promise<boolean> {
  // Its maker lives, on this machine or, for all we know, on another one: it cleans up itself.
  if (remains.owner !== null && (await isOwnerAlive(remains.owner))) return false;
  const read = await store.read(remains.runId);
  if (!read.ok) {
    // Without a record only the marks can tell. A damaged record may be that of a run that goes on.
    return read.error.kind === 'selection' && remains.owner !== null;
  }
  const { runId, status } = read.value;
  return runId === remains.runId && status !== 'running';
}
