import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonTestDirectories, type ProjectFiles } from './project-files.js';

/** Files at the root of a project whose text is looked at. */
const rootFiles = new Set([
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'yarn.lock',
  '.npmrc',
  '.yarnrc.yml',
  'nx.json',
  'project.json',
  'Cargo.toml',
  'Cargo.lock',
  'go.mod',
  'pyproject.toml',
  'requirements.txt',
  'requirements-dev.txt',
  'requirements-test.txt',
  'dev-requirements.txt',
  'setup.py',
  'setup.cfg',
  'tox.ini',
  'pytest.ini',
  '.pytest.ini',
  'conftest.py',
  'uv.lock',
  'GNUmakefile',
  'makefile',
  'Makefile',
]);

/** Files of packages, wherever in the project they lie. */
const packageFiles = new Set(['package.json', 'project.json']);

/** Directories of others, or of what was built. */
const foreignDirectories = new Set(['node_modules', 'dist', 'build', 'target', 'vendor']);

/** How far below the root packages are looked for. */
const mostLevels = 4;

/**
 * Reads the files of a directory that tell how it is tested. What cannot be read is left out: the worst that comes of
 * that is a job less.
 */
export async function readProjectFiles(root: string): Promise<ProjectFiles> {
  const files = new Map<string, string>();
  await readDirectory(root, '', 0, files);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function readDirectory(
  root: string,
  directory: string,
  level: number,
  files: Map<string, string>,
): Promise<void> {
  const entries = await readdir(join(root, directory), { withFileTypes: true }).catch(() => []);
  await Promise.all(
    entries.map(async (entry) => {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory()) {
        if (level < mostLevels && !isForeign(entry.name)) {
          await readDirectory(root, path, level + 1, files);
        }
      } else if (isWanted(directory, entry.name)) {
        const text = await readFile(join(root, path), 'utf8').catch(() => null);
        if (text !== null) files.set(path, text);
      } else if (isPythonTest(directory, entry.name)) files.set(path, '');
    }),
  );
}

function isForeign(name: string): boolean {
  return name.startsWith('.') || foreignDirectories.has(name);
}

function isWanted(directory: string, name: string): boolean {
  return directory === '' ? rootFiles.has(name) : packageFiles.has(name);
}

function isPythonTest(directory: string, name: string): boolean {
  return name.endsWith('.py') && pythonTestDirectories.some((tests) => tests === directory);
}
