import { ok, type Outcome, type Selection } from '@pikaci/model';
import { selectByChanges, type NamedDecision } from '@pikaci/planner';
import type { ChangeOptions } from '../options/change-options.js';
import type { Session } from '../session.js';
import type { Workspace } from '../workspace.js';
import type { Changes } from './changes.js';
import { decisionLine, skipMessage } from './decision-text.js';
import { readChanges } from './read-changes.js';

/** What became of the path filters of the targets that were named. */
export interface ChangeFilter {
  /** One line for each name, when a filter was asked for: runs or not, and why. */
  readonly lines: readonly string[];
  /** Why there is nothing to run; null when there is something. */
  readonly skipMessage: string | null;
  /** The patterns that were asked, for the record; none without a filter. */
  readonly patterns: readonly string[];
  /** The files that they were asked about, for the record. */
  readonly changedFiles: readonly string[];
}

/** Selects what was named, and leaves out what the options on changes leave out. */
export async function selectByOptions(
  session: Session,
  workspace: Workspace,
  names: readonly string[],
  options: ChangeOptions,
): Promise<Outcome<{ readonly selection: Selection; readonly filter: ChangeFilter }>> {
  const changes = await readChanges(session, workspace, options);
  if (!changes.ok) return changes;
  const files = changes.value.kind === 'known' ? changes.value.files : null;
  const selected = selectByChanges(workspace.config, names, files);
  if (!selected.ok) return selected;
  const { selection, decisions, patterns } = selected.value;
  const filter = filterOf(changes.value, decisions, patterns);
  const isEmpty = selection.jobIds.length === 0;
  const message = isEmpty ? skipMessage(filter.changedFiles, patterns) : null;
  return ok({ selection, filter: { ...filter, skipMessage: message } });
}

function filterOf(
  changes: Changes,
  decisions: readonly NamedDecision[],
  patterns: readonly string[],
): Omit<ChangeFilter, 'skipMessage'> {
  if (changes.kind === 'not-asked') return { lines: [], patterns: [], changedFiles: [] };
  return {
    lines: decisions.map((decided) => decisionLine(decided, changes)),
    patterns,
    changedFiles: changes.kind === 'known' ? changes.files : [],
  };
}
