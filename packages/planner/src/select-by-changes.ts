import { ok, type Outcome, type PikaciConfig, type Selection } from '@pikaci/model';
import { decideByChanges, type ChangeDecision } from './decide-by-changes.js';
import { selectJobs } from './select-jobs.js';

/** What was decided about one of the things that were named. */
export type NamedDecision =
  | { readonly kind: 'target'; readonly targetId: string; readonly decision: ChangeDecision }
  /** Jobs have no filters: who names one wants it. */
  | { readonly kind: 'job'; readonly jobId: string };

/** What is left of what was named, and why. */
export interface ChangeSelection {
  /** Without jobs when nothing is left. */
  readonly selection: Selection;
  /** One for each name, in the order of the names. */
  readonly decisions: readonly NamedDecision[];
  /** The patterns of all named targets, each once. */
  readonly patterns: readonly string[];
}

/**
 * Selects like `selectJobs`, without the targets that no change matters to. Each target is decided on its own; a job of
 * a target that is left out is run all the same where a job that is run needs it.
 */
export function selectByChanges(
  config: PikaciConfig,
  names: readonly string[],
  changedFiles: readonly string[] | null,
): Outcome<ChangeSelection> {
  const all = selectJobs(config, names);
  if (!all.ok) return all;
  // Without names it is the default target that is selected.
  const wanted = names.length > 0 ? [...new Set(names)] : [all.value.targetId ?? ''];
  const decisions = wanted.map((name) => decideOn(config, name, changedFiles));
  const targets = wanted.filter((name) => isTarget(config, name));
  const patterns = [...new Set(targets.flatMap((id) => config.targets[id]?.paths ?? []))];
  const kept = decisions.flatMap(keptName);
  if (kept.length === 0)
    return ok({ selection: { ...all.value, jobIds: [] }, decisions, patterns });
  if (kept.length === wanted.length) return ok({ selection: all.value, decisions, patterns });
  const selected = selectJobs(config, kept);
  return selected.ok ? ok({ selection: selected.value, decisions, patterns }) : selected;
}

function decideOn(
  config: PikaciConfig,
  name: string,
  changedFiles: readonly string[] | null,
): NamedDecision {
  if (!isTarget(config, name)) return { kind: 'job', jobId: name };
  const decision = decideByChanges(config.targets[name]?.paths ?? [], changedFiles);
  return { kind: 'target', targetId: name, decision };
}

/** A name may also be one of every object's, such as `constructor`. */
function isTarget(config: PikaciConfig, name: string): boolean {
  return Object.hasOwn(config.targets, name);
}

function keptName(decided: NamedDecision): readonly string[] {
  if (decided.kind === 'job') return [decided.jobId];
  return decided.decision.selected ? [decided.targetId] : [];
}
