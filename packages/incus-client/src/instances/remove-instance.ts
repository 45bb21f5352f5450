import { err, ok } from '@pikaci/model';
import { defaultTimeLimits } from '../call-options.js';
import { isAlreadyInState, isInstanceRunning, isNotFound } from '../error-causes.js';
import type { IncusError, IncusResult } from '../incus-error.js';
import { repeatWhile } from '../operations/repeat-while.js';
import type { Connection } from '../transport/connection.js';
import { startDeadline } from '../transport/deadline.js';
import type { InstancesApi, RemoveOptions } from './instances-api.js';

/** How long the server may take to stop a guest by force: half a second as a rule. */
const STOP_SECONDS = 30;

/** Stops and deletes an instance, again and again until it is gone or the client's patience is at its end. */
export async function removeInstance(
  connection: Connection,
  instances: InstancesApi,
  name: string,
  { uuid, ...options }: RemoveOptions,
): Promise<IncusResult<void>> {
  const deadline = startDeadline(options, defaultTimeLimits.operation);
  const { signal } = deadline;
  try {
    const result = await repeatWhile(
      connection,
      // Refused as running although it is stopped: Incus is still tidying up after a failed start.
      (attempt) => !attempt.ok && isInstanceRunning(attempt.error),
      () => removeOnce(instances, name, uuid, signal),
      signal,
    );
    return result.ok ? result : err(deadline.failure(result.error.request) ?? result.error);
  } finally {
    deadline.dispose();
  }
}

async function removeOnce(
  instances: InstancesApi,
  name: string,
  uuid: string | undefined,
  signal: AbortSignal,
): Promise<IncusResult<void>> {
  const found = await instances.get(name, { signal });
  if (!found.ok) return unlessGone(found.error);
  if (uuid !== undefined && found.value.uuid !== uuid) return ok(undefined);
  if (found.value.status !== 'Stopped') {
    const change = { action: 'stop', force: true, timeoutSeconds: STOP_SECONDS } as const;
    const stopped = await instances.setState(name, change, { signal });
    if (!stopped.ok && !isAlreadyInState(stopped.error)) return unlessGone(stopped.error);
  }
  const deleted = await instances.delete(name, { signal });
  return deleted.ok ? deleted : unlessGone(deleted.error);
}

function unlessGone(error: IncusError): IncusResult<void> {
  return isNotFound(error) ? ok(undefined) : err(error);
}
