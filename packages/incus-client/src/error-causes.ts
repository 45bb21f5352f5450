import type { IncusError } from './incus-error.js';

/*
 * Incus tells most causes apart only by its words (a taken name is a 500 that quotes a database constraint).
 * The words were read from a 6.0.4 server; the contract tests hold them against the server in use.
 */

/** Whether the server itself said no (as opposed to not being reached). */
function refusal(error: IncusError): string | undefined {
  return error.kind === 'api' || error.kind === 'operation' ? error.message : undefined;
}

const says =
  (pattern: RegExp) =>
  (error: IncusError): boolean =>
    pattern.test(refusal(error) ?? '');

/** The instance, image alias, file or operation does not exist. */
export function isNotFound(error: IncusError): boolean {
  return error.kind === 'api'
    ? error.status === 404
    : error.kind === 'operation' &&
        /\bnot found\b/i.test(error.message) &&
        !isCommandNotFound(error);
}

/** Another operation runs on the instance: trying again later helps. */
export const isInstanceBusy: (error: IncusError) => boolean = says(/Instance is busy running/);

/** The instance is already in the state that was asked for. */
export const isAlreadyInState: (error: IncusError) => boolean = says(
  /^The instance is already (running|stopped|frozen)/,
);

/** The request needs a stopped instance, and it runs. */
export const isInstanceRunning: (error: IncusError) => boolean = says(/^Instance is running/);

/** The request needs a running instance, and it does not run. */
export const isInstanceNotRunning: (error: IncusError) => boolean =
  says(/^Instance is not running/);

/** An instance of that name exists already. */
export const isNameTaken: (error: IncusError) => boolean = says(
  /UNIQUE constraint failed: instances\.project_id, instances\.name|already exists/,
);

/** The image the instance was to be made of is not there (any more). */
export const isImageMissing: (error: IncusError) => boolean = says(
  /^Image not provided for instance creation|^Image alias not found|Image not found/,
);

/** A disk device's source does not exist on the machine the instance is on. */
export const isDiskSourceMissing: (error: IncusError) => boolean = says(/Missing source path "/);

/** The server has no range of user ids left that no other container has. */
export const isOutOfIds: (error: IncusError) => boolean = says(
  /Not enough uid\/gid available for the container/,
);

/** The program to execute does not exist in the guest, or may not be executed. */
export const isCommandNotFound: (error: IncusError) => boolean = says(
  /^Command not found|^Command not executable/,
);

/** Incus could not set the command up in the guest, as happens when the instance stops in that very moment. */
export const isCommandNotStarted: (error: IncusError) => boolean = says(
  /^Failed to retrieve PID of executing child process/,
);

/** The object was changed since its etag was read. */
export function isEtagMismatch(error: IncusError): boolean {
  return error.kind === 'api' && error.status === 412;
}
