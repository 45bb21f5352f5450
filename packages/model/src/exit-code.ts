import type { FailureKind } from './failure.js';

/** Process exit codes of the command line. */
export const exitCodes = {
  passed: 0,
  /** A job, or the build of a payload, failed. */
  failed: 1,
  /** Wrong usage or configuration. */
  usage: 2,
  infrastructure: 3,
  /** Nothing was selected, and the caller asked for that to be a failure. */
  nothingSelected: 4,
  /** The value that coreutils' `timeout` uses. */
  timeout: 124,
  /** 128 + SIGINT, as shells report it. */
  interrupted: 130,
} as const;

/** The exit code for a run that ended in a failure of this kind. */
export function exitCodeForFailure(kind: FailureKind): number {
  switch (kind) {
    case 'job':
    case 'payload':
      return exitCodes.failed;
    case 'config':
    case 'selection':
      return exitCodes.usage;
    case 'snapshot':
    case 'infrastructure':
    case 'internal':
      return exitCodes.infrastructure;
    case 'timeout':
      return exitCodes.timeout;
    case 'cancelled':
      return exitCodes.interrupted;
    default: {
      const never: never = kind;
      return never;
    }
  }
}
