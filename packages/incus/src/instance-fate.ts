import { isNotFound } from '@pikaci/incus-client';
import { lowLevelCauses } from './start-instance.js';
import type { RunningJob } from './running-job.js';

/** Pauses between two looks at an instance, in ms: one that shuts down ends its commands first, and stops then. */
const looksMs = [0, 200, 600];

/**
 * What became of the instance under a command that failed or was lost, in one or more lines: an instance that stops,
 * reboots or is deleted takes its commands with it, and they look as if they had failed. Null when it runs on as it did.
 *
 * @param returned the exit status of the command, if it had one: above 128 a signal ended it
 */
export async function instanceFate(
  running: Pick<RunningJob, 'client' | 'instance' | 'pause' | 'pid'>,
  returned: number | null,
): Promise<string | null> {
  const looks = returned !== null && returned <= 128 ? looksMs.slice(0, 1) : looksMs;
  for (const delay of looks) {
    if (delay > 0) await running.pause(delay, new AbortController().signal);
    const fate = await look(running);
    if (fate !== null) {
      return [fate, ...(await lowLevelCauses(running.client, running.instance))].join('\n');
    }
  }
  return null;
}

async function look({
  client,
  instance,
  pid,
}: Pick<RunningJob, 'client' | 'instance' | 'pid'>): Promise<string | null> {
  const state = await client.instances.getState(instance);
  if (!state.ok) {
    return isNotFound(state.error) ? 'the instance does not exist any more' : null;
  }
  if (state.value.status !== 'Running') {
    return `the instance is ${state.value.status.toLowerCase()}`;
  }
  return pid !== null && state.value.pid !== pid ? 'the instance was rebooted' : null;
}
