import { fail, ok, type Failure, type Outcome, type RunRecord, type RunStore } from '@pikaci/model';

/** True when a run has ended, or the job that is meant. */
export function hasEnded(run: RunRecord, jobId: string | undefined): boolean {
  const job = run.jobs.find(({ id }) => id === jobId);
  return run.status !== 'running' || (job !== undefined && job.status !== 'running');
}

/**
 * A job that the run does not have would be waited for in vain: a failure (`selection`). Without a plan nobody knows yet,
 * and any job will do.
 */
export async function checkJob(
  store: Pick<RunStore, 'readPlan'>,
  run: RunRecord,
  jobId: string | undefined,
): Promise<Outcome<void>> {
  const plan =
    jobId === undefined || run.planPath === null ? null : await store.readPlan(run.runId);
  if (plan?.ok !== true) return ok(undefined);
  const ids = plan.value.nodes.flatMap(({ kind, id }) =>
    kind === 'execute' ? [id.replace(/^execute-/u, '')] : [],
  );
  if (ids.includes(jobId ?? '')) return ok(undefined);
  return fail('selection', `The run ${run.runId} has no job "${jobId}"`, {
    hint: `It has ${ids.join(', ')}.`,
  });
}

/** What is said of a run whose process is gone, when something was to come from it. */
export function ownerGone({ runId, owner }: RunRecord): { readonly ok: false; error: Failure } {
  return fail('infrastructure', `Nobody runs the run ${runId} any more`, {
    reason: owner === null ? 'its owner is gone' : `process ${owner.pid} on ${owner.host} is gone`,
    hint: `Go on with it: npx pikaci resume ${runId}. Else the next run cleans up what it left.`,
  });
}

/** One phrase on how a run ended, or a job of it when that is recorded. */
export function endWords(run: RunRecord, jobId: string | undefined): string {
  const job = run.jobs.find(({ id }) => id === jobId);
  const { status, failureKind } = job ?? run;
  const how = status === 'failed' && failureKind !== null ? `failed (${failureKind})` : status;
  return `${job === undefined ? `run ${run.runId}` : `job ${job.id}`} has ended: ${how}`;
}
