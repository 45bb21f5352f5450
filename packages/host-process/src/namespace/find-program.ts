import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

/** Where system programs are that are not on every user's PATH. */
const systemDirectories = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Absolute path of a program: from the PATH, else from the system's directories; null when there is none. */
export async function findProgram(name: string, path: string): Promise<string | null> {
  const directories = [...path.split(':'), ...systemDirectories];
  for (const directory of directories.filter((entry) => entry.startsWith('/'))) {
    const candidate = join(directory, name);
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return null;
}
