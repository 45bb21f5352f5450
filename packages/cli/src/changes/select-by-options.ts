import { ok, type Outcome, type PikaciConfig, type Selection } from '@pikaci/model';
import { selectByChanges, type NamedDecision } from '@pikaci/planner';
import type { ChangeOptions } from '../options/change-options.js';
import { withNxJobs, type NxExpansion } from '../nx/with-nx-jobs.js';
import type { Session } from '../session.js';
import type { Workspace } from '../workspace.js';
import type { Changes } from './changes.js';
import { findCiBase } from './ci-base.js';
import { decisionLine, skipMessage } from './decision-text.js';
import { readChanges } from './read-changes.js';

/** What became of the path filters of the targets that were named. */
export interface ChangeFilter {
  /** When a filter was asked for, where the changes come from, and for each name: runs or not, and why. */
  readonly lines: readonly string[];
  /** Why there is nothing to run; null when there is something. */
  readonly skipMessage: string | null;
  /** The patterns that were asked, for the record; none without a filter. */
  readonly patterns: readonly string[];
  /** The files that they were asked about, for the record. */
  readonly changedFiles: readonly string[];
}

/** What is left, and the configuration that it is of: with the jobs that Nx targets are made of. */
export interface SelectedByChanges {
  readonly config: PikaciConfig;
  readonly selection: Selection;
  readonly filter: ChangeFilter;
}

/** Selects what was named, and leaves out what the options on changes leave out. */
export async function selectByOptions(
  session: Session,
  workspace: Workspace,
  names: readonly string[],
  options: ChangeOptions,
): Promise<Outcome<SelectedByChanges>> {
  const changes = await readChanges(session, workspace, options);
  if (!changes.ok) return changes;
  const files = changes.value.kind === 'known' ? changes.value.files : null;
  const expanded = await withNxJobs(workspace, session.io.env, names, changes.value);
  if (!expanded.ok) return expanded;
  const { config, lines } = expanded.value;
  const selected = selectByChanges(config, names, files);
  if (!selected.ok) return selected;
  const { selection, decisions, patterns } = selected.value;
  const hinted = withHint(changes.value, decisions, options, session.io.env);
  const filter = filterOf(hinted, decisions, patterns, lines);
  const isEmpty = selection.jobIds.length === 0;
  const message = isEmpty ? emptyMessage(filter, lines) : null;
  return ok({ config, selection, filter: { ...filter, skipMessage: message } });
}

function emptyMessage(
  { changedFiles, patterns }: Omit<ChangeFilter, 'skipMessage'>,
  nxLines: NxExpansion['lines'],
): string {
  if (patterns.length > 0 || nxLines.size === 0) return skipMessage(changedFiles, patterns);
  return 'nothing selected: no Nx project is affected by what changed';
}

/** What Nx says of a target stands for what is said of one that has no paths. */
function decisionLines(
  decided: NamedDecision,
  changes: Changes,
  nxLines: NxExpansion['lines'],
): readonly string[] {
  const nxLine = decided.kind === 'target' ? nxLines.get(decided.targetId) : undefined;
  if (nxLine === undefined) return [decisionLine(decided, changes)];
  const isUnfiltered = decided.kind === 'target' && decided.decision.reason.kind === 'no-filter';
  return isUnfiltered ? [nxLine] : [decisionLine(decided, changes), nxLine];
}

/** Says in a CI service that there is a filter, when nobody has asked for one and something named could be left out. */
function withHint(
  changes: Changes,
  decisions: readonly NamedDecision[],
  options: ChangeOptions,
  env: Session['io']['env'],
): Changes {
  if (changes.kind !== 'not-asked' || options.all === true) return changes;
  const hasPaths = decisions.some(
    (decided) => decided.kind === 'target' && decided.decision.reason.kind !== 'no-filter',
  );
  const service = hasPaths ? findCiBase({ env, eventText: null })?.service : undefined;
  if (service === undefined) return changes;
  const note = `hint: on ${service}, --changed leaves out what this change does not matter to; --all says that everything is to run`;
  return { ...changes, note };
}

function filterOf(
  changes: Changes,
  decisions: readonly NamedDecision[],
  patterns: readonly string[],
  nxLines: NxExpansion['lines'],
): Omit<ChangeFilter, 'skipMessage'> {
  const notes = changes.note === undefined ? [] : [changes.note];
  if (changes.kind === 'not-asked') return { lines: notes, patterns: [], changedFiles: [] };
  return {
    lines: [...notes, ...decisions.flatMap((decided) => decisionLines(decided, changes, nxLines))],
    patterns,
    changedFiles: changes.kind === 'known' ? changes.files : [],
  };
}
