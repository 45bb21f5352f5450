import { parse } from 'yaml';
import { asObject, firstOf, type ProjectFiles } from '../project-files.js';

/** What installs the dependencies of a project, and runs its scripts. */
export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn';
  /** The file that the versions are in; null when there is none. */
  readonly lockFile: string | null;
  /** Makes node_modules, of the lock file where there is one. */
  readonly install: string;
  /** False where dependencies are kept in no node_modules (Plug'n'Play). */
  readonly hasNodeModules: boolean;
  /** Settings and programs of its own that an installation needs, as globs. */
  readonly settings: readonly string[];
  /** Runs a script of package.json. */
  readonly runScript: (script: string) => string;
  /** Runs that script of every package of the workspace that has it; null where no command does that. */
  readonly runEverywhere: ((script: string) => string) | null;
  /** Comes before a program of a dependency. */
  readonly exec: string;
}

const lockFiles = {
  pnpm: ['pnpm-lock.yaml'],
  yarn: ['yarn.lock'],
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
} as const;

/** Tells the package manager by `packageManager` of package.json, else by the lock file; npm when nothing tells. */
export function packageManagerOf(
  files: ProjectFiles,
  packageJson: Readonly<Record<string, unknown>>,
): PackageManager {
  const name = namedManager(packageJson['packageManager']) ?? managerOfLockFile(files) ?? 'npm';
  const lockFile = firstOf(files, lockFiles[name]);
  switch (name) {
    case 'npm':
      return npm(files, lockFile);
    case 'pnpm':
      return pnpm(files, lockFile);
    case 'yarn':
      return isModernYarn(files, packageJson) ? modernYarn(files, lockFile) : classicYarn(lockFile);
  }
}

function namedManager(field: unknown): PackageManager['name'] | null {
  const name = typeof field === 'string' ? field.split('@')[0] : null;
  return name === 'npm' || name === 'pnpm' || name === 'yarn' ? name : null;
}

function managerOfLockFile(files: ProjectFiles): PackageManager['name'] | null {
  const names = ['pnpm', 'yarn', 'npm'] as const;
  return names.find((name) => firstOf(files, lockFiles[name]) !== null) ?? null;
}

function npm(files: ProjectFiles, lockFile: string | null): PackageManager {
  return {
    name: 'npm',
    lockFile,
    install:
      lockFile === null
        ? 'npm install --ignore-scripts --no-package-lock'
        : 'npm ci --ignore-scripts',
    hasNodeModules: true,
    settings: files.has('.npmrc') ? ['.npmrc'] : [],
    runScript: (script) => (script === 'test' ? 'npm test' : `npm run ${script}`),
    runEverywhere: (script) => `npm run ${script} --workspaces --if-present`,
    exec: 'npx',
  };
}

function pnpm(files: ProjectFiles, lockFile: string | null): PackageManager {
  const frozen = lockFile === null ? '--no-lockfile' : '--frozen-lockfile';
  return {
    name: 'pnpm',
    lockFile,
    install: `pnpm install ${frozen} --ignore-scripts`,
    hasNodeModules: true,
    settings: ['pnpm-workspace.yaml', '.npmrc'].filter((path) => files.has(path)),
    runScript: (script) => (script === 'test' ? 'pnpm test' : `pnpm run ${script}`),
    runEverywhere: (script) => `pnpm --recursive --if-present run ${script}`,
    exec: 'pnpm exec',
  };
}

function classicYarn(lockFile: string | null): PackageManager {
  const frozen = lockFile === null ? '--no-lockfile' : '--frozen-lockfile';
  return {
    name: 'yarn',
    lockFile,
    install: `yarn install ${frozen} --ignore-scripts`,
    hasNodeModules: true,
    settings: [],
    runScript: (script) => (script === 'test' ? 'yarn test' : `yarn run ${script}`),
    runEverywhere: null,
    exec: 'yarn run',
  };
}

function modernYarn(files: ProjectFiles, lockFile: string | null): PackageManager {
  const settings = yarnSettings(files);
  return {
    ...classicYarn(lockFile),
    install:
      lockFile === null
        ? 'yarn install --mode=skip-build'
        : 'yarn install --immutable --mode=skip-build',
    hasNodeModules: settings['nodeLinker'] === 'node-modules' || settings['nodeLinker'] === 'pnpm',
    settings: [
      ...['.yarnrc.yml'].filter((path) => files.has(path)),
      // A Yarn of the project's own is one of its files.
      ...(typeof settings['yarnPath'] === 'string' ? [settings['yarnPath']] : []),
    ],
    runEverywhere: (script) => `yarn workspaces foreach --all run ${script}`,
  };
}

function isModernYarn(
  files: ProjectFiles,
  packageJson: Readonly<Record<string, unknown>>,
): boolean {
  const field = packageJson['packageManager'];
  if (typeof field === 'string' && /^yarn@\d/u.test(field)) return !field.startsWith('yarn@1.');
  return files.has('.yarnrc.yml') || (files.get('yarn.lock') ?? '').includes('\n__metadata:');
}

function yarnSettings(files: ProjectFiles): Readonly<Record<string, unknown>> {
  return yamlObject(files.get('.yarnrc.yml'));
}

/** An object of YAML text; empty when it is none. */
export function yamlObject(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  try {
    return asObject(parse(text)) ?? {};
  } catch {
    return {};
  }
}
