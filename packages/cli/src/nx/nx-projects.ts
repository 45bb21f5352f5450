import { captureCommand, createTemporaryDirectory, removeTree } from '@pikaci/host';
import { fail, ok, type Outcome } from '@pikaci/model';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Nx is asked, and in which environment. */
export interface NxWorkspace {
  /** Absolute. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The most characters of file names that are given to Nx: a command line has 128 KiB for one argument. */
const mostFileCharacters = 100_000;

/** The system's own limit for Nx to answer: a first look at a large workspace takes a while. In seconds. */
const nxTimeoutSeconds = 300;

/**
 * The projects of an Nx workspace that have a target, in the order of their names.
 *
 * @param changedFiles relative to the root: only projects that these affect, by Nx's own graph; null: all
 */
export async function nxProjects(
  workspace: NxWorkspace,
  target: string,
  changedFiles: readonly string[] | null,
): Promise<Outcome<readonly string[]>> {
  if (changedFiles?.length === 0) return ok([]);
  const nx = join(workspace.root, 'node_modules/.bin/nx');
  const isThere = await access(nx).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    return fail('config', `There is no Nx in ${workspace.root}, whose projects are to be run`, {
      location: { file: nx },
      hint: 'Install the dependencies of the workspace first, such as with "npm ci".',
    });
  }
  // What Nx keeps of its look at the workspace goes with it: planning changes nothing.
  const data = await createTemporaryDirectory();
  try {
    return await ask(workspace, nx, data, ['--withTarget', target, ...affected(changedFiles)]);
  } finally {
    await removeTree(data);
  }
}

/** Whether Nx can be asked about the files: their names are joined by commas, and must not be too many. */
export function canBeAsked(files: readonly string[]): boolean {
  const isPlain = files.every((file) => !file.includes(','));
  return isPlain && files.join(',').length <= mostFileCharacters;
}

function affected(files: readonly string[] | null): readonly string[] {
  return files === null ? [] : ['--affected', `--files=${files.join(',')}`];
}

async function ask(
  { root, env }: NxWorkspace,
  nx: string,
  data: string,
  args: readonly string[],
): Promise<Outcome<readonly string[]>> {
  const given = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const asked = await captureCommand({
    command: [nx, 'show', 'projects', '--json', ...args],
    cwd: root,
    env: {
      ...Object.fromEntries(given),
      NX_DAEMON: 'false',
      NX_WORKSPACE_DATA_DIRECTORY: data,
      NX_CACHE_DIRECTORY: data,
    },
    timeoutSeconds: nxTimeoutSeconds,
  });
  if (!asked.ok) return asked;
  const { exitCode, stdout, stderr } = asked.value;
  const projects = exitCode === 0 ? parseProjects(stdout.toString()) : null;
  if (projects !== null) return ok(projects);
  return fail('config', `Nx could not tell the projects of ${root}`, {
    reason: (stderr.toString().trim() || stdout.toString().trim()).slice(-2000),
    hint: 'See "npx nx show projects" there.',
  });
}

/** Nx may print more around the list. Null when there is none. */
function parseProjects(text: string): readonly string[] | null {
  const list = /\[[^[\]]*\]/u.exec(text)?.[0];
  if (list === undefined) return null;
  try {
    const parsed: unknown = JSON.parse(list);
    if (!Array.isArray(parsed)) return null;
    return parsed.filter((name) => typeof name === 'string').sort();
  } catch {
    return null;
  }
}
