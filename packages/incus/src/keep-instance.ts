import { describeIncusError } from '@pikaci/incus-client';
import { formatTimestamp, type FailureKind, type JobExecution } from '@pikaci/model';
import type { OwnedInstance } from './instance-teardown.js';
import type { JobVerdict } from './job-verdict.js';
import { keptConfig } from './marks.js';
import type { RunJobContext } from './running-job.js';

/** Failures after which there is something to look at in the instance. */
const ownFailures: readonly FailureKind[] = ['job', 'timeout'];

/** What becomes of the instance of a job that is over. */
export interface InstanceEnd {
  /** Resolves when it is gone; at once when it is kept. */
  readonly released: Promise<void>;
  /** RFC 3339; null when it is not kept. */
  readonly keptUntil: string | null;
  readonly notes: readonly string[];
}

/**
 * Removes the instance of a job, in the background; that of one that failed by itself is kept as the job left it,
 * running, when that is wanted: then it is marked with the time until which no sweep removes it.
 */
export async function endInstance(
  context: Pick<RunJobContext, 'client' | 'clock' | 'discard'>,
  execution: JobExecution,
  owned: OwnedInstance,
  { failure }: JobVerdict,
): Promise<InstanceEnd> {
  const { keepSeconds = null, runId, job } = execution;
  const isWanted = keepSeconds !== null && failure !== null && ownFailures.includes(failure.kind);
  const notes: string[] = [];
  if (isWanted && owned.uuid !== null && !execution.signal.aborted) {
    const until = formatTimestamp(new Date(context.clock.now().getTime() + keepSeconds * 1000));
    const marked = await context.client.instances.patch(owned.name, { config: keptConfig(until) });
    if (marked.ok) {
      const note = `its instance ${owned.name} is kept until ${until}: npx pikaci shell ${runId} --job ${job.id}; npx pikaci sweep --kept removes it`;
      return { released: Promise.resolve(), keptUntil: until, notes: [note] };
    }
    notes.push(`its instance could not be kept: ${describeIncusError(marked.error)}`);
  }
  const released = context.discard(owned).then(() => undefined);
  return { released, keptUntil: null, notes };
}
