import type { PlanNode } from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';
import { guard } from '../guard.js';

/**
 * Waits for a job's place in its concurrency group, and tells who is inside meanwhile. Never rejects: what came of it is
 * in `run.places`. Null for a node without a group.
 */
export function enterGroup(run: PlannedRun, node: PlanNode): Promise<void> | null {
  if (node.kind !== 'execute' || node.job.concurrency === null) return null;
  const { id: jobId, concurrency: group } = node.job;
  const { runId, config } = run.request;
  const entering = guard(`entering the group \`${group}\``, () =>
    run.ports.groups.enter({
      group,
      limit: config.limits.concurrency[group] ?? 1,
      who: `job ${jobId} of run ${runId}`,
      signal: run.control.job(jobId).signal,
      onWait: (inside) => {
        void run.events.emit({ event: 'job_waiting', runId, jobId, group, inside: [...inside] });
      },
    }),
  );
  return entering.then((place) => {
    run.places.set(jobId, place);
  });
}

/** Gives up the place of a job, if it has one. */
export async function leaveGroup(run: PlannedRun, jobId: string): Promise<void> {
  const place = run.places.get(jobId);
  run.places.delete(jobId);
  // A place that cannot be given up is free when this process has ended.
  if (place?.ok === true) await place.value.leave().catch(() => undefined);
}
