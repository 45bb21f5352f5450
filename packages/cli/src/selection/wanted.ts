import {
  fail,
  ok,
  type Outcome,
  type PikaciConfig,
  type RunRecord,
  type Selection,
} from '@pikaci/model';
import { nodeIds } from '@pikaci/planner';
import { createRunStore } from '@pikaci/store';
import type { SelectionOptions } from '../options/selection-options.js';
import type { Workspace } from '../workspace.js';

/** What is to be selected. */
export interface Wanted {
  /** Of targets and jobs. */
  readonly names: readonly string[];
  /** The run whose jobs are meant, and nothing else of a target that is named; null: all of it. */
  readonly within: RunRecord | null;
}

/** What is meant: what is named, or with `--failed` alone, what the run was of. */
export async function wantedBy(
  { stateRoot, config }: Workspace,
  names: readonly string[],
  { failed }: SelectionOptions,
): Promise<Outcome<Wanted>> {
  if (failed === undefined || names.length > 0) return ok({ names, within: null });
  const read = await readRun(stateRoot, failed);
  if (read.ok) return ok(wantedOfRun(config, read.value));
  return failed !== true && isName(config, failed) ? nameAfterFailed(failed) : read;
}

function isName({ jobs, targets }: PikaciConfig, word: string): boolean {
  return Object.hasOwn(jobs, word) || Object.hasOwn(targets, word);
}

/** What follows the option is the run that it is about. */
function nameAfterFailed(name: string): Outcome<never> {
  return fail('selection', `--failed takes a run, and "${name}" is none`, {
    hint: `Name targets and jobs before it: \`npx pikaci run ${name} --failed\`.`,
  });
}

/** What a run was of, so that it can be selected again. Of an Nx target it was those projects that were affected then. */
export function wantedOfRun(config: PikaciConfig, record: RunRecord): Wanted {
  const { targetId } = record;
  if (targetId !== null && config.targets[targetId]?.nx === undefined) {
    return { names: [targetId], within: record };
  }
  const { jobs, reusedResults } = record;
  const names = [...jobs.map(({ id }) => id), ...reusedResults.map(({ jobId }) => jobId)];
  return { names, within: null };
}

/** Of a selection what a run was of, which options had narrowed perhaps. All of it, should the run not have been planned. */
export async function partOfRun(
  { stateRoot }: Workspace,
  selection: Selection,
  { runId, reusedResults }: RunRecord,
): Promise<Outcome<Selection>> {
  const plan = await createRunStore({ stateRoot }).readPlan(runId);
  if (!plan.ok) return ok(selection);
  const nodes = new Set(plan.value.nodes.map(({ id }) => id));
  const reused = new Set(reusedResults.map(({ jobId }) => jobId));
  const jobIds = selection.jobIds.filter((id) => nodes.has(nodeIds.execute(id)) || reused.has(id));
  if (jobIds.length > 0) return ok({ ...selection, jobIds });
  return fail('selection', `None of the jobs of run ${runId} is there any more`, {
    reason: `selected are ${selection.jobIds.join(', ')}`,
    hint: 'Start a new run: `npx pikaci run`.',
  });
}

/** The run that `--failed` names. */
export async function readRun(
  stateRoot: string,
  reference: string | true,
): Promise<Outcome<RunRecord>> {
  return createRunStore({ stateRoot }).read(reference === true ? 'latest' : reference);
}
