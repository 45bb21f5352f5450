import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { configFileNames } from '@pikaci/config';
import { fail, ok, type Outcome } from '@pikaci/model';

/**
 * Nothing, when a configuration may be written to `file`: its directory has none yet, or `isForced` and it is that one
 * alone. One of another name is never taken away, and two in one directory are refused by all commands.
 */
export async function checkConfigInTheWay(
  directory: string,
  file: string,
  isForced: boolean,
): Promise<Outcome<void>> {
  for (const name of configFileNames) {
    const path = join(directory, name);
    if (!(await isThere(path)) || (isForced && path === file)) continue;
    return fail('config', `There is a configuration already: ${name}`, {
      location: { file: path },
      hint: hintFor(path, file),
    });
  }
  return ok(undefined);
}

function hintFor(path: string, file: string): string {
  if (path === file) return 'See what it does with npx pikaci plan, or write it anew with --force.';
  return `See what it does with npx pikaci plan, or remove it to have ${basename(file)} instead.`;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
