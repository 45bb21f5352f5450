import { jobsOfName, ok, type Outcome, type PikaciConfig } from '@pikaci/model';
import type { Changes } from '../changes/changes.js';
import type { Workspace } from '../workspace.js';
import { expandNxTarget } from './expand-nx-target.js';
import { canBeAsked, nxProjects, type NxWorkspace } from './nx-projects.js';

/** A configuration with the jobs of Nx targets written out. */
export interface NxExpansion {
  readonly config: PikaciConfig;
  /** What there is to say of each target that was written out, by its id. */
  readonly lines: ReadonlyMap<string, string>;
}

/**
 * Writes out the Nx targets among what is named. A name that is none of the configuration may be a job of one: then all
 * are written out, whatever changed. Nx is not asked where no such target is concerned.
 */
export async function withNxJobs(
  { config, workspaceRoot }: Workspace,
  env: NxWorkspace['env'],
  names: readonly string[],
  changes: Changes,
): Promise<Outcome<NxExpansion>> {
  const nxTargets = Object.keys(config.targets).filter(
    (id) => config.targets[id]?.nx !== undefined,
  );
  if (nxTargets.length === 0) return ok({ config, lines: new Map() });
  const wanted = names.length > 0 ? names : defaultNames(config);
  const isKnown = (name: string) =>
    Object.hasOwn(config.targets, name) || jobsOfName(config, name).length > 0;
  const needsAll = !wanted.every(isKnown);
  const lines = new Map<string, string>();
  let expanded = config;
  for (const targetId of nxTargets) {
    if (!needsAll && !wanted.includes(targetId)) continue;
    const asked = await expandOne({ root: workspaceRoot, env }, expanded, targetId, changes);
    if (!asked.ok) return asked;
    expanded = asked.value.config;
    lines.set(targetId, asked.value.line);
  }
  return ok({ config: expanded, lines });
}

function defaultNames({ defaultTarget, targets }: PikaciConfig): readonly string[] {
  return defaultTarget === undefined ? Object.keys(targets) : [defaultTarget];
}

async function expandOne(
  workspace: NxWorkspace,
  config: PikaciConfig,
  targetId: string,
  changes: Changes,
): Promise<Outcome<{ readonly config: PikaciConfig; readonly line: string }>> {
  const nx = config.targets[targetId]?.nx;
  if (nx === undefined) return ok({ config, line: '' });
  const files = nx.affected && changes.kind === 'known' ? changes.files : null;
  const asked = files === null || !canBeAsked(files) ? null : files;
  const projects = await nxProjects(workspace, nx.target, asked);
  if (!projects.ok) return projects;
  const expanded = expandNxTarget(config, targetId, projects.value);
  if (!expanded.ok) return expanded;
  const count = `${projects.value.length} Nx project${projects.value.length === 1 ? '' : 's'}`;
  const how = asked === null ? `with ${nx.target}, whatever changed` : `affected by what changed`;
  return ok({ config: expanded.value, line: `target ${targetId}: ${count} ${how}` });
}
