import { lstat, mkdir } from 'node:fs/promises';
import { fail, ok, type Outcome } from '@pikaci/model';
import { systemErrorCode, systemFailure } from '../system-error.js';

/**
 * Where processes of a user on this machine meet. One fixed place unless `PIKACI_RUNTIME_DIR` names another:
 * `XDG_RUNTIME_DIR` is set in a session and not in a cron job or under sudo, and whoever looks in different places never
 * meets.
 *
 * @param uid the user's numeric id; null where there is none
 */
export function runtimeDirectory(
  env: Readonly<Record<string, string | undefined>>,
  uid: number | null,
): string {
  const given = env['PIKACI_RUNTIME_DIR'];
  return given === undefined || given === '' ? `/tmp/pikaci-${uid ?? 'user'}` : given;
}

/**
 * Makes a directory that only this user can look into, or makes sure that the one which is there is such a directory: in a
 * place that everyone can write to, anyone may have put something else, such as a link, at its name before.
 */
export async function privateDirectory(path: string, uid: number | null): Promise<Outcome<void>> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') {
      return systemFailure(`The directory ${path} could not be made`, error, path);
    }
  }
  try {
    const found = await lstat(path);
    if (!found.isDirectory()) return refused(path, 'it is no directory');
    if (uid !== null && found.uid !== uid) return refused(path, `it belongs to user ${found.uid}`);
    if ((found.mode & 0o077) !== 0) return refused(path, 'other users can use it');
    return ok(undefined);
  } catch (error) {
    return systemFailure(`The directory ${path} could not be looked at`, error, path);
  }
}

function refused(path: string, reason: string): Outcome<never> {
  return fail('infrastructure', `The directory ${path} cannot be trusted`, {
    location: { file: path },
    reason,
    hint: 'Remove it, or name another one in PIKACI_RUNTIME_DIR.',
  });
}
