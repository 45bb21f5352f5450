import {
  describeFailure,
  type AdoptedRun,
  type Outcome,
  type RunRecord,
  type RunStore,
} from '@pikaci/model';
import type { OpenRun } from '@pikaci/store';

/** What closing runs needs of the world. */
export interface CloseWorld {
  readonly store: Pick<RunStore, 'adopt'>;
  findOpenRuns(): Promise<Outcome<readonly OpenRun[]>>;
  isOwnerGone(record: RunRecord): boolean;
  /** Gives each job its terminal record, and the run its end; closes the writer. */
  close(adopted: AdoptedRun): Promise<RunRecord>;
  /** Tells the end of a run that is on record, if it was not told; closes the writer. */
  tellEnd(adopted: AdoptedRun): Promise<void>;
  /** Removes what was written by halves. */
  removeTemporaryFiles(runId: string): Promise<unknown>;
}

/** A run that was closed. */
export interface ClosedRun {
  readonly runId: string;
  /** Jobs that had no terminal record before. */
  readonly markedJobs: number;
}

export interface ClosedRuns {
  readonly closed: readonly ClosedRun[];
  /** What could not be looked at or closed, and why. */
  readonly problems: readonly string[];
}

/**
 * Closes the runs whose processes are gone. One that another process takes over at the same time is left to it.
 *
 * @param except the run that this process wants to go on with
 */
export async function closeAbandonedRuns(
  world: CloseWorld,
  except: string | null,
): Promise<ClosedRuns> {
  const open = await world.findOpenRuns();
  if (!open.ok) return { closed: [], problems: [describeFailure(open.error)] };
  const closed: ClosedRun[] = [];
  const problems: string[] = [];
  for (const { runId, record } of open.value) {
    // A damaged record is no reason to stop anything: it is shown where runs are listed.
    if (runId === except || !record.ok || !world.isOwnerGone(record.value)) continue;
    const outcome = await closeRun(world, runId);
    if (!outcome.ok) problems.push(describeFailure(outcome.error));
    else if (outcome.value !== null) closed.push(outcome.value);
  }
  return { closed, problems };
}

/** Null when somebody else has the run now. */
export async function closeRun(
  world: CloseWorld,
  runId: string,
): Promise<Outcome<ClosedRun | null>> {
  const adopted = await world.store.adopt(runId);
  if (!adopted.ok || adopted.value === null) return adopted as Outcome<null>;
  const before = adopted.value.record;
  if (before.status !== 'running') {
    // Closed between the two looks, or killed after its last record.
    await world.tellEnd(adopted.value);
    return { ok: true, value: null };
  }
  await world.removeTemporaryFiles(runId);
  const after = await world.close(adopted.value);
  const ended = new Set(before.jobs.filter(hasEnded).map(({ id }) => id));
  const markedJobs = after.jobs.filter((job) => !ended.has(job.id)).length;
  return { ok: true, value: { runId, markedJobs } };
}

function hasEnded({ status }: { readonly status: string }): boolean {
  return status !== 'running';
}
