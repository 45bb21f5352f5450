import { err, failure, type Failure, type Outcome } from '@pikaci/model';

/**
 * Awaits a port. It tells expected failures as values; an exception is a bug in it, which becomes an `internal` failure
 * of this one step instead of the end of the run.
 */
export async function guard<T>(what: string, step: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await step();
  } catch (thrown) {
    return err(internalFailure(what, thrown));
  }
}

/** The failure for an exception that nothing expected. */
export function internalFailure(what: string, thrown: unknown): Failure {
  return failure('internal', `Unexpected error: ${what}`, {
    reason: thrown instanceof Error ? thrown.message : String(thrown),
    hint: 'This is a defect of pikaci. Please report it with this message.',
  });
}
