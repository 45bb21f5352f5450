import {
  fail,
  ok,
  type Outcome,
  type PikaciConfig,
  type ReusedResult,
  type Selection,
} from '@pikaci/model';
import { withDependants } from './narrow-selection.js';
import { withNeeds } from './select-jobs.js';

/** What of a selection has not passed yet: the jobs with a result are reused. Without jobs when all have passed. */
export function withoutPassed(selection: Selection, passed: readonly ReusedResult[]): Selection {
  const reused = passed.filter(({ jobId }) => selection.jobIds.includes(jobId));
  const settled = new Set(reused.map(({ jobId }) => jobId));
  return { ...selection, jobIds: selection.jobIds.filter((id) => !settled.has(id)), reused };
}

/**
 * A job of a selection and all that needs it, directly or not. What these need besides is not run again.
 *
 * @param passedIn the result by which a job is known to have passed; null when there is none
 */
export function selectFrom(
  config: PikaciConfig,
  selection: Selection,
  jobId: string,
  passedIn: (jobId: string) => ReusedResult | null,
): Outcome<Selection> {
  if (!selection.jobIds.includes(jobId)) {
    return fail('selection', `Job "${jobId}" is not among those selected`, {
      hint: `Selected are ${selection.jobIds.join(', ')}.`,
    });
  }
  const kept = withDependants(config, [jobId], selection.jobIds);
  const jobIds = selection.jobIds.filter((id) => kept.has(id));
  const reused: ReusedResult[] = [];
  for (const needed of neededBy(config, jobIds)) {
    if (kept.has(needed)) continue;
    const result = passedIn(needed);
    if (result === null) {
      return fail('selection', `Job "${needed}" is needed, and has not passed in any run`, {
        hint: `Run it first: \`npx pikaci run ${needed}\`; or leave --from out.`,
      });
    }
    reused.push(result);
  }
  return ok({ ...selection, jobIds, reused });
}

/** The jobs that those of a list need themselves: what is needed by what has passed is of no interest any more. */
function neededBy(config: PikaciConfig, jobIds: readonly string[]): readonly string[] {
  const direct = jobIds.flatMap((id) => config.jobs[id]?.needs ?? []);
  const order = withNeeds(config, jobIds);
  return [...new Set(direct)].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
