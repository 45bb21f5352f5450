import type { FindTools, FoundJob, FoundTool } from '../found-tool.js';
import type { ProjectFiles } from '../project-files.js';
import { nxTool } from './nx.js';
import { nodeModulesPayload } from './node-modules.js';
import { nodeProjectOf, scriptsOf, type NodeProject } from './node-project.js';

/** Jobs, and the names of scripts that are meant by people who write package.json. The first one that is there counts. */
const scriptNames: readonly (readonly [job: string, scripts: readonly string[]])[] = [
  ['test', ['test']],
  ['lint', ['lint']],
  ['typecheck', ['typecheck', 'type-check', 'check-types', 'types']],
  ['build', ['build']],
];

/** What `npm init` writes, which fails in any case. */
const placeholder = /no test specified/u;

/** npm, pnpm and yarn by package.json and lock file, and Nx by nx.json. */
export const findNode: FindTools = (files) => {
  const project = nodeProjectOf(files);
  if (project === null) {
    const isBroken = files.has('package.json');
    return isBroken ? [brokenPackage] : [];
  }
  const payload = nodeModulesPayload(files, project);
  const payloads = payload === null ? [] : [payload];
  const nx = files.has('nx.json') ? [nxTool(files, project, payloads)] : [];
  const taken = nx.flatMap(({ jobs }) => jobs.map(({ name }) => name));
  const scripts = scriptTool(files, project, taken);
  const [only] = nx;
  if (only !== undefined && only.jobs.length > 0 && scripts.jobs.length === 0) {
    // All that the scripts say is said by Nx.
    const { files: found, notes } = scripts;
    return [{ ...only, files: [...only.files, ...found], notes }];
  }
  return [...nx, { ...scripts, payloads, jobs: scripts.jobs.map((job) => using(payloads, job)) }];
};

const brokenPackage: FoundTool = {
  id: 'npm',
  files: ['package.json'],
  jobs: [],
  payloads: [],
  notes: ['package.json is no JSON object: nothing in it was looked at'],
};

function scriptTool(
  files: ProjectFiles,
  project: NodeProject,
  taken: readonly string[],
): Omit<FoundTool, 'payloads'> {
  const { manager } = project;
  const wanted = scriptNames.filter(([job]) => !taken.includes(job));
  const jobs = wanted.flatMap(([job, names]) => {
    const command = commandFor(project, names);
    return command === null ? [] : [jobOf(project, job, command)];
  });
  return {
    id: manager.name,
    files: ['package.json', ...(manager.lockFile === null ? [] : [manager.lockFile])],
    jobs,
    notes: [...placeholderNotes(project), ...lockNotes(files, project)],
  };
}

/** The command for a script of the project, else for that of its packages; null when neither has it. */
function commandFor(
  { packageJson, members, manager }: NodeProject,
  names: readonly string[],
): string | null {
  const own = names.find((name) => isMeant(scriptsOf(packageJson).get(name)));
  if (own !== undefined) return manager.runScript(own);
  const ofMembers = names.find((name) =>
    members.some((member) => isMeant(scriptsOf(member.packageJson).get(name))),
  );
  if (ofMembers === undefined || manager.runEverywhere === null) return null;
  return manager.runEverywhere(ofMembers);
}

function jobOf({ manager }: NodeProject, name: string, command: string): FoundJob {
  if (manager.hasNodeModules) return { name, config: { run: command } };
  return {
    name,
    config: { run: [manager.install, command] },
    comments: { run: "Plug'n'Play has no node_modules to mount: each job installs by itself." },
  };
}

function isMeant(script: string | undefined): boolean {
  return script !== undefined && script.trim() !== '' && !placeholder.test(script);
}

function using(payloads: FoundTool['payloads'], job: FoundJob): FoundJob {
  if (payloads.length === 0) return job;
  return { ...job, config: { ...job.config, payloads: payloads.map(({ id }) => id) } };
}

function placeholderNotes({ packageJson }: NodeProject): readonly string[] {
  return placeholder.test(scriptsOf(packageJson).get('test') ?? '')
    ? ['the script "test" of package.json is the placeholder of npm init: there is no job for it']
    : [];
}

function lockNotes(files: ProjectFiles, project: NodeProject): readonly string[] {
  const { manager } = project;
  const isInstalled = nodeModulesPayload(files, project) !== null || !manager.hasNodeModules;
  if (manager.lockFile !== null || !isInstalled) return [];
  return [
    `there is no lock file of ${manager.name}: dependencies have the versions of the day on which they are installed`,
  ];
}
