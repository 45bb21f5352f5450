import type { FoundPayload } from '../found-tool.js';
import { asObject, jsonObject, type ProjectFiles } from '../project-files.js';
import { hasDependencies, type NodeProject } from './node-project.js';

/** The id of the payload with a project's dependencies. */
export const nodeModulesId = 'node-modules';

/** The payload with a project's dependencies; null when it has none, or keeps them in no node_modules. */
export function nodeModulesPayload(files: ProjectFiles, project: NodeProject): FoundPayload | null {
  const { manager, members, packageJson } = project;
  const isNeeded = members.length > 0 || hasDependencies(packageJson);
  if (!isNeeded || !manager.hasNodeModules) return null;
  const below = membersWithModules(files, project);
  return {
    id: nodeModulesId,
    config: {
      kind: 'command',
      run: installCommand(project, below),
      inputs: inputsOf(project),
      // Packages that have a node_modules of their own leave it beside the first one.
      output: below.length === 0 ? 'node_modules' : '.',
      mounts: mountsOf(below),
    },
    comments: {
      run: 'Without the scripts of the packages; take --ignore-scripts out if one has to build something.',
      inputs: 'All that the build sees; it is done again when one of these files changes.',
      output: 'What of the build becomes the payload.',
      mounts:
        members.length === 0
          ? 'Where jobs find it.'
          : 'Where jobs find it. A package with a node_modules of its own needs one here as well.',
    },
  };
}

/** The directories of packages in which the package manager makes a node_modules of their own. */
function membersWithModules(
  files: ProjectFiles,
  { manager, members }: NodeProject,
): readonly string[] {
  if (manager.name === 'yarn') return [];
  if (manager.name === 'pnpm') {
    return members
      .filter(({ packageJson }) => hasDependencies(packageJson))
      .map(({ directory }) => directory);
  }
  const locked = asObject(jsonObject(files.get(manager.lockFile ?? ''))?.['packages']) ?? {};
  const paths = Object.keys(locked);
  return members
    .map(({ directory }) => directory)
    .filter((directory) => paths.some((path) => path.startsWith(`${directory}/node_modules/`)));
}

function installCommand({ manager }: NodeProject, below: readonly string[]): string {
  if (manager.name !== 'pnpm' || below.length === 0) return manager.install;
  // pnpm leaves out those of which it has nothing to put in, and what is mounted has to be there.
  return `${manager.install} && mkdir -p ${below.map((directory) => `${directory}/node_modules`).join(' ')}`;
}

function inputsOf({ manager, workspaceGlobs }: NodeProject): string[] {
  return [
    'package.json',
    ...(manager.lockFile === null ? [] : [manager.lockFile]),
    ...manager.settings,
    ...workspaceGlobs.map((glob) => `${glob}/package.json`),
  ];
}

function mountsOf(
  below: readonly string[],
): { name: string; path?: string; workspacePath: string }[] {
  const first = { name: nodeModulesId, workspacePath: 'node_modules' };
  if (below.length === 0) return [first];
  const others = below.map((directory) => ({
    name: `in-${directory.replace(/[^A-Za-z0-9]+/gu, '-')}`.slice(0, 80),
    path: `${directory}/node_modules`,
    workspacePath: `${directory}/node_modules`,
  }));
  return [{ ...first, path: 'node_modules' }, ...others];
}
