import { ok, type Outcome, type ReusedResult, type RunRecord, type Selection } from '@pikaci/model';
import { narrowSelection, selectFrom, withoutPassed } from '@pikaci/planner';
import { createRunStore } from '@pikaci/store';
import type { SelectionOptions } from '../options/selection-options.js';
import type { Workspace } from '../workspace.js';
import { readRun } from './wanted.js';

/** A part of a selection, and what is to be said of it. */
export interface SelectedPart {
  readonly selection: Selection;
  readonly lines: readonly string[];
  /** Why there is nothing to run; null when there is something. */
  readonly skipMessage: string | null;
}

/** Leaves out what the options leave out. */
export async function selectPart(
  workspace: Workspace,
  selection: Selection,
  options: SelectionOptions,
): Promise<Outcome<SelectedPart>> {
  const { only = [], except = [], tag: tags = [], matrix = {}, failed, from } = options;
  const isNarrowed = only.length + except.length + tags.length + Object.keys(matrix).length > 0;
  const narrowed = isNarrowed
    ? narrowSelection(workspace.config, selection, { only, except, tags, matrix })
    : ok(selection);
  if (!narrowed.ok) return narrowed;
  if (failed !== undefined) return unfinished(workspace, narrowed.value, failed);
  if (from !== undefined) return beginningWith(workspace, narrowed.value, from);
  return ok({ selection: narrowed.value, lines: [], skipMessage: null });
}

async function unfinished(
  { stateRoot }: Workspace,
  selection: Selection,
  reference: string | true,
): Promise<Outcome<SelectedPart>> {
  const read = await readRun(stateRoot, reference);
  if (!read.ok) return read;
  return ok(partWithout(selection, read.value));
}

/** What of a selection a run has no good result of. */
export function partWithout(selection: Selection, record: RunRecord): SelectedPart {
  const left = withoutPassed(selection, passedIn(record));
  const isEmpty = left.jobIds.length === 0;
  return {
    selection: left,
    lines: isEmpty ? [] : reusedLines(left.reused),
    skipMessage: isEmpty ? `nothing selected: every job passed in run ${record.runId}` : null,
  };
}

async function beginningWith(
  { config, stateRoot }: Workspace,
  selection: Selection,
  jobId: string,
): Promise<Outcome<SelectedPart>> {
  const listed = await createRunStore({ stateRoot }).list();
  if (!listed.ok) return listed;
  // Newest first, so that the first result of a job is its latest.
  const passed = listed.value.flatMap((run) => (run.ok ? passedIn(run.value) : []));
  const find = (id: string) => passed.find((result) => result.jobId === id) ?? null;
  const selected = selectFrom(config, selection, jobId, find);
  if (!selected.ok) return selected;
  const lines = reusedLines(selected.value.reused);
  return ok({ selection: selected.value, lines, skipMessage: null });
}

/** The jobs that passed in a run, those included by which it went itself. */
function passedIn({ runId, jobs, reusedResults }: RunRecord): readonly ReusedResult[] {
  const own = jobs.filter(({ status }) => status === 'passed').map(({ id: jobId }) => jobId);
  return [...own.map((jobId) => ({ jobId, runId })), ...reusedResults];
}

/** One line for each run whose results are gone by. */
function reusedLines(reused: readonly ReusedResult[]): readonly string[] {
  const runs = [...new Set(reused.map(({ runId }) => runId))];
  return runs.map((run) => {
    const ids = reused.filter(({ runId }) => runId === run).map(({ jobId }) => jobId);
    return `not run again, passed in run ${run}: ${ids.join(', ')}`;
  });
}
