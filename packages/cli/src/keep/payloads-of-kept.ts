import { createRunStore, readRunLeases } from '@pikaci/store';
import { isKept } from '../recovery/recover.js';

/**
 * Runs of which instances are kept, by the keys of the payloads that they had: a payload that is mounted in an instance
 * would be gone from under whoever opens a shell there.
 */
export async function payloadsOfKept(
  stateRoot: string,
  now: Date,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const store = createRunStore({ stateRoot });
  const runs = new Map<string, string[]>();
  for (const lease of await readRunLeases(stateRoot)) {
    if (!isKept(lease, now)) continue;
    const read = await store.readPreparedOutputs(lease.runId);
    for (const { contentKey } of read.ok ? (read.value?.outputs ?? []) : []) {
      if (contentKey === null) continue;
      runs.set(contentKey, [...(runs.get(contentKey) ?? []), lease.runId]);
    }
  }
  return runs;
}
