import { fail, ok, type Outcome, type PikaciConfig } from '@pikaci/model';
import type { Setting } from '@pikaci/report';
import { relative } from 'node:path';
import type { RuntimeOptions } from '../options/runtime-options.js';
import type { Workspace } from '../workspace.js';

type Path = readonly (string | number)[];

/**
 * Every setting that holds: one for each value, lists and objects by their parts.
 *
 * @param config that of the workspace, with flags and environment applied
 * @param below only those at or below a path, such as `jobs.unit`
 */
export function effectiveSettings(
  workspace: Workspace,
  config: PikaciConfig,
  options: RuntimeOptions,
  below: string | undefined,
): Outcome<readonly Setting[]> {
  const parts = Object.entries(config).filter(([key]) => key !== 'matrixJobs');
  const all = leavesOf(Object.fromEntries(parts), []).map(({ path, value }) => ({
    path: formatPath(path),
    value: JSON.stringify(value),
    origin: originOf(workspace, config, options, path),
  }));
  if (below === undefined) return ok(all);
  const found = all.filter(({ path }) => path === below || isBelow(path, below));
  if (found.length > 0) return ok(found);
  return fail('selection', `The configuration has no setting "${below}"`, {
    hint: knownNear(
      below,
      all.map(({ path }) => path),
    ),
  });
}

/** What there is in the nearest part above a path that is there. */
function knownNear(path: string, paths: readonly string[]): string {
  const above = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const inside = above === '' ? paths : paths.filter((one) => one.startsWith(`${above}.`));
  if (inside.length === 0) return knownNear(above, paths);
  const rests = inside.map((one) => (above === '' ? one : one.slice(above.length + 1)));
  const names = [...new Set(rests.map((rest) => rest.split(/[.[]/u)[0] ?? rest))];
  return `${above === '' ? 'It' : above} has ${names.join(', ')}.`;
}

function isBelow(path: string, parent: string): boolean {
  return path.startsWith(`${parent}.`) || path.startsWith(`${parent}[`);
}

interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

/** Empty lists and objects are values of their own. */
function leavesOf(value: unknown, path: Path): readonly Leaf[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [{ path, value }];
  const entries = Array.isArray(value)
    ? value.map((entry: unknown, index) => [index, entry] as const)
    : Object.entries(value);
  if (entries.length === 0) return [{ path, value }];
  return entries.flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function formatPath(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z0-9_$-]+$/u.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

/** `default`, `pikaci.config.yaml:3:5`, `PIKACI_INCUS_SOCKET` or `--image`. */
function originOf(
  { config: written, configFile, workspaceRoot, originOf: inFile }: Workspace,
  config: PikaciConfig,
  options: RuntimeOptions,
  path: Path,
): string {
  const [, , setting] = path;
  if (path[0] === 'runtimes' && path[1] === 'incus' && path.length === 3) {
    const { socket, image } = config.runtimes.incus;
    const { incus } = written.runtimes;
    if (setting === 'socket' && socket !== incus.socket) {
      return options.incusSocket === socket ? '--incus-socket' : 'PIKACI_INCUS_SOCKET';
    }
    if (setting === 'image' && image !== incus.image) {
      return options.image === image ? '--image' : 'PIKACI_INCUS_IMAGE';
    }
  }
  const origin = inFile(path);
  if (origin.kind === 'default') return 'default';
  return `${relative(workspaceRoot, configFile)}:${origin.line}:${origin.column}`;
}
