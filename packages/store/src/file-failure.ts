import { err, failure, type Failure, type Outcome } from '@pikaci/model';

/** What is said of a failed file operation: which file, and what the reader can do about it. */
export interface FileFailureDetail {
  readonly message: string;
  readonly file: string;
  readonly hint?: string;
}

/**
 * Runs a file operation. What the operating system refuses becomes an `infrastructure` failure; any other exception is
 * a bug and goes on.
 */
export async function attempt<T>(
  detail: FileFailureDetail,
  operation: () => Promise<T>,
): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await operation() };
  } catch (thrown) {
    return err(fileFailure(detail, thrown));
  }
}

/** The failure for an error of the operating system. Throws anything else again. */
export function fileFailure(detail: FileFailureDetail, thrown: unknown): Failure {
  if (!isSystemError(thrown)) throw thrown;
  const hint = detail.hint ?? hintFor(thrown.code);
  return failure('infrastructure', detail.message, {
    location: { file: detail.file },
    reason: thrown.message,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** True when an exception says that a file or directory does not exist. */
export function isMissing(thrown: unknown): boolean {
  return isSystemError(thrown) && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');
}

/** True when an exception is the operating system's with this code. */
export function hasCode(thrown: unknown, code: string): boolean {
  return isSystemError(thrown) && thrown.code === code;
}

/** True when an exception says that something is there already. */
export function isPresent(thrown: unknown): boolean {
  return isSystemError(thrown) && thrown.code === 'EEXIST';
}

function isSystemError(thrown: unknown): thrown is Error & { readonly code: string } {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string';
}

function hintFor(code: string): string | undefined {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'Free some space, or choose another disk with --state-root.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'Make it accessible to this user, or choose another place with --state-root.';
    default:
      return undefined;
  }
}
