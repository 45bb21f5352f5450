import { fail, jobsOfName, ok, type Outcome, type JobExplanation } from '@pikaci/model';
import { payloadsOfJob } from '@pikaci/planner';
import type { PlannedRun } from '../planned-run.js';
import type { Session } from '../session.js';
import { explainPayloads } from './explain-payloads.js';

/** Why a job is run, or not, and with which payloads. Changes nothing. */
export async function explainJob(
  session: Session,
  planned: PlannedRun,
  names: readonly string[],
  jobId: string,
): Promise<Outcome<JobExplanation>> {
  const { config, selection, workspace } = planned;
  const job = Object.hasOwn(config.jobs, jobId) ? config.jobs[jobId] : undefined;
  if (job === undefined) {
    const made = jobsOfName(config, jobId);
    const known = made.length > 0 ? made : Object.keys(config.jobs);
    return fail('selection', `There is no job "${jobId}" to explain`, {
      hint: `Name one of these: ${known.join(', ')}.`,
    });
  }
  const runtime = planned.runtime ?? job.runtime ?? config.defaults.runtime;
  const payloadIds = payloadsOfJob(job, runtime).map(({ payloadId }) => payloadId);
  const payloads = await explainPayloads(session, { ...workspace, config }, payloadIds);
  if (!payloads.ok) return payloads;
  const isSelected = selection.jobIds.includes(jobId);
  return ok({
    jobId,
    isSelected,
    reasons: reasonsOf(planned, names, jobId),
    needs: job.needs.map((id) => ({
      jobId: id,
      passedIn: selection.reused.find((result) => result.jobId === id)?.runId ?? null,
    })),
    when: job.when,
    runtime,
    payloads: payloads.value,
  });
}

/** In whole sentences: a job may be there for several reasons. */
function reasonsOf(
  { config, selection, filter }: PlannedRun,
  names: readonly string[],
  jobId: string,
): readonly string[] {
  const reused = selection.reused.find((result) => result.jobId === jobId);
  if (reused !== undefined) return [`it passed in run ${reused.runId} and is not run again`];
  const targets = Object.keys(config.targets).filter(
    (id) => config.targets[id]?.jobs.includes(jobId) === true,
  );
  const isDefault = names.length === 0;
  const reasons = [
    ...names.filter((name) => jobsOfName(config, name).includes(jobId)).map(() => 'it is named'),
    ...targets.flatMap((id) => {
      const told = filter.lines.filter((line) => line.startsWith(`target ${id}: `));
      if (told.length > 0) return told;
      const isWanted = names.includes(id) || (isDefault && selection.targetId === id);
      return isWanted ? [`it is in target ${id}`] : [];
    }),
    ...selection.jobIds
      .filter((id) => config.jobs[id]?.needs.includes(jobId) === true)
      .map((id) => `${id} needs it`),
  ];
  if (reasons.length > 0) return reasons;
  return [
    targets.length === 0
      ? 'it is in no target, and nothing that is selected needs it'
      : `it is in ${targets.join(', ')}, which is not selected, or options have left it out`,
  ];
}
