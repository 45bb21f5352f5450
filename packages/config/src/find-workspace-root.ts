import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { directoriesUpwards, findConfigFile } from './find-config-file.js';

/**
 * The workspace that a directory belongs to: where its configuration file is, else the top of its git checkout, else the
 * directory itself.
 */
export async function findWorkspaceRoot(cwd: string): Promise<string> {
  const found = await findConfigFile(cwd);
  if (found.ok && found.value !== null) return dirname(found.value);
  // Two configuration files in one directory still tell where the workspace is.
  if (!found.ok && found.error.location?.file) return dirname(found.error.location.file);
  for (const directory of directoriesUpwards(cwd)) {
    if (await exists(join(directory, '.git'))) return directory;
  }
  return resolve(cwd);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
