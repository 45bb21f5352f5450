import {
  fail,
  ok,
  type FailureKind,
  type Outcome,
  type RunRecord,
  type RunStore,
} from '@pikaci/model';

/** Ends of runs that were not their jobs' own: after all others there is nothing to go on with. */
const brokenOff: readonly FailureKind[] = ['infrastructure', 'cancelled', 'internal', 'snapshot'];

export interface FindRun {
  readonly store: Pick<RunStore, 'list' | 'read'>;
  isOwnerGone(record: RunRecord): boolean;
}

/**
 * The run to go on with: the one that is named, else the latest one whose process is gone or that was broken off.
 * A run that goes on, or that has the result of each job, is a failure which says so.
 */
export async function findRunToResume(
  world: FindRun,
  reference: string | undefined,
): Promise<Outcome<RunRecord>> {
  if (reference === undefined) return latestToResume(world);
  const read = await world.store.read(reference);
  if (!read.ok || canBeResumed(world, read.value)) return read;
  const { runId, status, owner } = read.value;
  if (status === 'running') {
    return fail('selection', `The run ${runId} goes on`, {
      reason: owner === null ? 'it has no owner' : `process ${owner.pid} on ${owner.host} runs it`,
      hint: `See \`npx pikaci status ${runId}\`, or cancel it first: \`npx pikaci cancel ${runId}\`.`,
    });
  }
  return fail('selection', `There is nothing to go on with in run ${runId}`, {
    reason: status === 'failed' ? 'it failed, and each of its jobs has its result' : `it ${status}`,
    hint: 'Start a new run: `npx pikaci run`.',
  });
}

async function latestToResume(world: FindRun): Promise<Outcome<RunRecord>> {
  const listed = await world.store.list();
  if (!listed.ok) return listed;
  for (const run of listed.value) {
    if (run.ok && canBeResumed(world, run.value)) return ok(run.value);
  }
  return fail('selection', 'There is no run to go on with', {
    reason: 'no process was killed in the middle of a run, and none was cancelled',
    hint: 'See `npx pikaci list`.',
  });
}

/** Tells whether a run was broken off, so that `resume` has something to do. */
export function canBeResumed(world: Pick<FindRun, 'isOwnerGone'>, record: RunRecord): boolean {
  if (record.status === 'running') return world.isOwnerGone(record);
  if (record.status !== 'failed') return false;
  // A run may have failed by a job and have been broken off as well.
  const kinds = [record.failureKind, ...record.jobs.map((job) => job.failureKind)];
  return kinds.some((kind) => kind !== null && brokenOff.includes(kind));
}
