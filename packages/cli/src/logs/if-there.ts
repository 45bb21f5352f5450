import { systemErrorCode } from '@pikaci/host';

/** Null for a file that is not there, as between two attempts. */
export async function ifThere<T>(look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

/** True for the error of a file that is not there. */
export function isMissing(thrown: unknown): boolean {
  return systemErrorCode(thrown) === 'ENOENT';
}
