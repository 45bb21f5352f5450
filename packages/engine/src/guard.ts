import {
  err,
  failure,
  ok,
  reachFaultPoint,
  type Failure,
  type FaultPoint,
  type Outcome,
} from '@pikaci/model';

/**
 * Awaits a port. It tells expected failures as values; an exception becomes a failure of this one step instead of the
 * end of the run.
 */
export async function guard<T>(what: string, step: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await step();
  } catch (thrown) {
    return err(thrownFailure(what, thrown));
  }
}

/** Says that a fault point is reached; what is thrown there counts as if the system had thrown it. */
export function reached(point: FaultPoint): Promise<Outcome<void>> {
  return guard(point, async () => {
    await reachFaultPoint(point);
    return ok(undefined);
  });
}

/** The failure for an exception. One of the operating system, such as a full disk, is no defect. */
export function thrownFailure(what: string, thrown: unknown): Failure {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  if (isSystemError(thrown)) return failure('infrastructure', `Failed: ${what}`, { reason });
  return failure('internal', `Unexpected error: ${what}`, {
    reason,
    hint: 'This is a defect of pikaci. Please report it with this message.',
  });
}

/** The operating system's codes are `ENOSPC` and the like; those of Node's own errors begin with `ERR_`. */
function isSystemError(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || !('code' in thrown)) return false;
  return typeof thrown.code === 'string' && /^E(?!RR_)[A-Z0-9]+$/.test(thrown.code);
}
