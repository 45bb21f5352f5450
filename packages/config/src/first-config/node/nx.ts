import type { FoundPayload, FoundTarget, FoundTool } from '../found-tool.js';
import { asObject, jsonObject, type ProjectFiles } from '../project-files.js';
import { scriptsOf, type NodeProject } from './node-project.js';

/** Targets of Nx that jobs are made for, in the order in which they are listed. */
const usualTargets = ['test', 'lint', 'typecheck', 'build'];

/** Nx: a job for each usual target that the workspace has. */
export function nxTool(
  files: ProjectFiles,
  { manager, members }: NodeProject,
  payloads: readonly FoundPayload[],
): FoundTool {
  const all = nxTargets(files, members);
  const prepare = manager.hasNodeModules ? [] : [manager.install];
  const jobs = usualTargets
    .filter((target) => all.has(target))
    .map((target) => {
      const command = `${manager.exec} nx run-many -t ${target}`;
      return {
        name: target,
        config: {
          run: prepare.length === 0 ? command : [...prepare, command],
          ...(payloads.length === 0 ? {} : { payloads: payloads.map(({ id }) => id) }),
        },
      };
    });
  const notes = jobs.length > 0 ? [] : [`no project of Nx has a target ${usualTargets.join(', ')}`];
  const targets =
    manager.hasNodeModules && payloads.length > 0 ? affectedTarget(jobs, payloads) : [];
  return { id: 'nx', files: ['nx.json'], jobs, payloads, targets, notes };
}

/** The projects one by one, for those who want only what a change affects. It needs Nx in a mounted node_modules. */
function affectedTarget(
  jobs: FoundTool['jobs'],
  payloads: readonly FoundPayload[],
): readonly FoundTarget[] {
  const [first] = jobs;
  if (first === undefined) return [];
  const job = { payloads: payloads.map(({ id }) => id) };
  return [
    {
      id: 'affected',
      config: { nx: { target: first.name, job } },
      comment: `A job for each project of Nx with the target ${first.name}. Those alone that a change affects:
npx pikaci run affected --changed`,
    },
  ];
}

/** The targets that projects have, by project.json, package.json, the defaults and the plugins of nx.json. */
function nxTargets(files: ProjectFiles, members: NodeProject['members']): ReadonlySet<string> {
  const nxJson = jsonObject(files.get('nx.json')) ?? {};
  const projects = [...files].filter(([path]) => /(^|\/)project\.json$/u.test(path));
  return new Set([
    ...Object.keys(asObject(nxJson['targetDefaults']) ?? {}),
    ...pluginTargets(nxJson['plugins']),
    ...projects.flatMap(([, text]) => Object.keys(asObject(jsonObject(text)?.['targets']) ?? {})),
    ...members.flatMap(({ packageJson }) => [
      ...scriptsOf(packageJson).keys(),
      ...Object.keys(asObject(asObject(packageJson['nx'])?.['targets']) ?? {}),
    ]),
  ]);
}

/** What the options of plugins call the targets that they make: `{ testTargetName: 'test' }`, `{ typecheck: { targetName } }`. */
function pluginTargets(plugins: unknown): readonly string[] {
  if (!Array.isArray(plugins)) return [];
  return plugins.flatMap((plugin) => {
    const options = Object.entries(asObject(asObject(plugin)?.['options']) ?? {});
    return options.flatMap(([key, value]) => {
      const name = /targetName$/iu.test(key) ? value : asObject(value)?.['targetName'];
      return typeof name === 'string' ? [name] : [];
    });
  });
}
