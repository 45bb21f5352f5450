import { fail, ok, type Outcome } from '@pikaci/model';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { configFileNames } from './config-format.js';

/**
 * The configuration file of the nearest directory that has one, from `cwd` up to the root of the file system; null when
 * none has. Two in one directory are a failure: which of them counts would be a guess.
 */
export async function findConfigFile(cwd: string): Promise<Outcome<string | null>> {
  for (const directory of directoriesUpwards(cwd)) {
    const found = await configFilesIn(directory);
    const [first, second] = found;
    if (second !== undefined) return ambiguous(directory, found);
    if (first !== undefined) return ok(first);
  }
  return ok(null);
}

/** A directory and all those above it, nearest first. */
export function directoriesUpwards(start: string): readonly string[] {
  const directories = [resolve(start)];
  for (;;) {
    const last = directories.at(-1) ?? '/';
    const parent = dirname(last);
    if (parent === last) return directories;
    directories.push(parent);
  }
}

async function configFilesIn(directory: string): Promise<string[]> {
  const files = configFileNames.map((name) => join(directory, name));
  const present = await Promise.all(files.map(isFile));
  return files.filter((_file, index) => present[index] === true);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function ambiguous(directory: string, files: readonly string[]): Outcome<null> {
  const names = files.map((file) => basename(file)).join(' and ');
  return fail('config', `There are several configuration files in ${directory}: ${names}`, {
    location: { file: files[0] ?? null, line: 1, column: 1 },
    hint: 'Keep one of them, or name one with --config.',
  });
}
