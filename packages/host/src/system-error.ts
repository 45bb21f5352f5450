import { fail, type Failure } from '@pikaci/model';

const hints: Readonly<Record<string, string>> = {
  EACCES: 'Check who owns the path and its permissions.',
  EPERM: 'Check who owns the path and its permissions.',
  EROFS: 'The file system is read-only. Use a path on a writable one.',
  ENOSPC: 'Free some space on the disk, or use another one.',
  EDQUOT: 'The disk quota is used up. Free some space, or use another disk.',
  EMFILE: 'Too many files are open. Raise the limit (ulimit -n).',
  ENFILE: 'The machine has too many files open.',
  EAGAIN: 'The machine or the user has too many processes. Raise the limit (ulimit -u).',
  ENAMETOOLONG: 'Use shorter names, or fewer directories inside each other.',
  E2BIG:
    'The arguments and the environment are too long together. Pass less, or pass it in a file.',
};

/** The operating system's error code, such as `ENOENT`; null for errors that are not its own. */
export function systemErrorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** What is wrong with a disk whatever is asked of it: it is full, over its quota, broken or read-only. */
const diskFaults: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS']);

/** Whether the disk is at fault for an error of the operating system, and not what was asked of it. */
export function isDiskFault(error: unknown): boolean {
  return diskFaults.has(systemErrorCode(error) ?? '');
}

/** The same of a failure that `systemFailure` made of one: its reason begins with the system's code. */
export function isDiskFailure({ reason }: Failure): boolean {
  return diskFaults.has(/^E[A-Z0-9]+(?=: )/.exec(reason ?? '')?.[0] ?? '');
}

/** The reason of a failure that `systemFailure` made, without the paths: for those who know them by other names. */
export function pathlessReason({ reason }: Failure): string | null {
  return reason?.replace(/^(E[A-Z0-9]+: [^']*) '.*$/s, '$1') ?? null;
}

/**
 * Turns an error of the operating system into an expected failure.
 * @throws the error itself when it is none of the system's: then it is a bug.
 */
export function systemFailure(
  message: string,
  error: unknown,
  file?: string,
): { readonly ok: false; readonly error: Failure } {
  const code = systemErrorCode(error);
  if (code === null || !(error instanceof Error)) throw error;
  const hint = hints[code];
  return fail('infrastructure', message, {
    reason: shortened(error.message),
    ...(file === undefined ? {} : { location: { file } }),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Paths are at most 4,096 bytes on Linux; those that are longer still are told by their beginning and end. */
function shortened(message: string): string {
  return message.length <= 600 ? message : `${message.slice(0, 300)} … ${message.slice(-200)}`;
}
