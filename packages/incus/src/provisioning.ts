import type { IncusError } from '@pikaci/incus-client';
import { failure, type Failure } from '@pikaci/model';
import { incusFailure, type IncusPlace } from './incus-failure.js';

/** The time that an instance has until its guest is ready for the command. */
export interface Provisioning {
  readonly timeoutSeconds: number;
  /** Aborted when that time is over. */
  readonly timedOut: AbortSignal;
  /** Aborted when that time is over, or nobody wants the instance any more. */
  readonly signal: AbortSignal;
}

/** Begins to count. */
export function beginProvisioning(timeoutSeconds: number, force: AbortSignal): Provisioning {
  const timedOut = AbortSignal.timeout(timeoutSeconds * 1000);
  return { timeoutSeconds, timedOut, signal: AbortSignal.any([timedOut, force]) };
}

/** The failure of a step, which it names; one that took too long says so. */
export function provisioningFailure(
  step: string,
  error: IncusError,
  place: IncusPlace,
  { timedOut, timeoutSeconds }: Provisioning,
): Failure {
  const failed = incusFailure(step, error, place);
  if (!timedOut.aborted) return failed;
  return failure('infrastructure', `Incus could not ${step} within ${timeoutSeconds}s`, {
    location: failed.location ?? {},
    reason: failed.reason ?? '',
    hint: 'Raise runtimes.incus.provisionTimeoutSeconds, or find out what holds the server up: pikaci doctor',
  });
}
