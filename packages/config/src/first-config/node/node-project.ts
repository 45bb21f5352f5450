import { asObject, asTexts, jsonObject, type ProjectFiles } from '../project-files.js';
import { packageManagerOf, yamlObject, type PackageManager } from './package-manager.js';

/** A package of a workspace. */
export interface MemberPackage {
  /** Its directory, relative to the project. */
  readonly directory: string;
  readonly packageJson: Readonly<Record<string, unknown>>;
}

/** A project with a package.json. */
export interface NodeProject {
  readonly packageJson: Readonly<Record<string, unknown>>;
  readonly manager: PackageManager;
  /** Globs of the directories of its packages, of which each has one at least. */
  readonly workspaceGlobs: readonly string[];
  readonly members: readonly MemberPackage[];
}

/** Reads a project's package.json and those of its packages; null when there is none, or it is no JSON object. */
export function nodeProjectOf(files: ProjectFiles): NodeProject | null {
  const packageJson = jsonObject(files.get('package.json'));
  if (packageJson === null) return null;
  const manager = packageManagerOf(files, packageJson);
  const all = workspaceGlobsOf(files, packageJson, manager);
  const isTakenOut = anyMatches(all.filter((glob) => glob.startsWith('!')).map((g) => g.slice(1)));
  const candidates = packagesBelow(files).filter(({ directory }) => !isTakenOut(directory));
  const workspaceGlobs = all.filter(
    (glob) =>
      !glob.startsWith('!') && candidates.some(({ directory }) => anyMatches([glob])(directory)),
  );
  const isMember = anyMatches(workspaceGlobs);
  const members = candidates.filter(({ directory }) => isMember(directory));
  return { packageJson, manager, workspaceGlobs, members };
}

/** The scripts of a package.json, by name. */
export function scriptsOf(
  packageJson: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, string> {
  const scripts = Object.entries(asObject(packageJson['scripts']) ?? {});
  return new Map(
    scripts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** True when a package.json names something to install. */
export function hasDependencies(packageJson: Readonly<Record<string, unknown>>): boolean {
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
  return kinds.some((kind) => Object.keys(asObject(packageJson[kind]) ?? {}).length > 0);
}

function workspaceGlobsOf(
  files: ProjectFiles,
  packageJson: Readonly<Record<string, unknown>>,
  manager: PackageManager,
): readonly string[] {
  const field = packageJson['workspaces'];
  const globs =
    manager.name === 'pnpm'
      ? asTexts(yamlObject(files.get('pnpm-workspace.yaml'))['packages'])
      : [...asTexts(field), ...asTexts(asObject(field)?.['packages'])];
  return globs.map((glob) => glob.replace(/^(!?)\.\//u, '$1').replace(/\/+$/u, ''));
}

function packagesBelow(files: ProjectFiles): readonly MemberPackage[] {
  const end = '/package.json';
  return [...files].flatMap(([path, text]) => {
    const packageJson = path.endsWith(end) ? jsonObject(text) : null;
    return packageJson === null ? [] : [{ directory: path.slice(0, -end.length), packageJson }];
  });
}

/** Whether one of the globs matches: `*` and `**` alone, which is what workspaces are named with. */
function anyMatches(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map(patternOf);
  return (path) => patterns.some((pattern) => pattern.test(path));
}

function patternOf(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/|\*\*|\*)/u).map((part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replace(/[\\^$.|?+()[\]{}]/gu, String.raw`\$&`);
  });
  return new RegExp(`^${parts.join('')}$`, 'u');
}
