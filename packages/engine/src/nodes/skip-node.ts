import {
  describeFailure,
  failure,
  type ExecuteNode,
  type Failure,
  type JobRecord,
  type PlanNode,
} from '@pikaci/model';
import type { PlannedRun, PrepareFailure } from '../active-run.js';
import { logLine } from '../host-log.js';
import type { SkipReason } from '../scheduler.js';
import { unstartedJobRecord } from './job-record.js';
import type { PrepareNode } from './timed-prepare.js';

/** What a job says that was not started because the run was cancelled. */
export const cancelledMessage = 'cancelled';

/** Settles a node that will not run. */
export async function skipNode(run: PlannedRun, node: PlanNode, reason: SkipReason): Promise<void> {
  const cause = prepareCause(run, reason);
  if (node.kind === 'execute') await settleJob(run, unstartedJob(run, node, reason, cause));
  else await skipPrepare(run, node, cause);
}

/** Writes the only record of a job that was not started, and tells of it. */
export async function settleJob(run: PlannedRun, job: JobRecord): Promise<void> {
  const { runId } = run.request;
  logLine(run.writer, [job.hostLogPath], `${job.status}: ${job.message ?? ''}`);
  await run.state.saveJob(job);
  const event = job.status === 'skipped' ? 'job_skipped' : 'job_finished';
  await run.events.emit({ event, runId, job });
}

/**
 * A job fails with a payload or a runtime that could not be prepared. Without such a cause (other jobs did not pass, or
 * the run was cancelled) it is skipped.
 */
function unstartedJob(
  run: PlannedRun,
  node: ExecuteNode,
  reason: SkipReason,
  cause: PrepareFailure | null,
): JobRecord {
  if (reason.kind === 'cancelled' || cause?.failure.kind === 'cancelled') {
    return unstartedJobRecord(run, node, cancelledMessage, null);
  }
  if (cause !== null) {
    const failed = blockedFailure(cause);
    return unstartedJobRecord(run, node, failed.message, failed);
  }
  return unstartedJobRecord(run, node, needsMessage(run, reason.by), null);
}

/** The cause keeps its kind, place and advice; the message says in one line which node it was. */
function blockedFailure({ nodeId, failure: cause }: PrepareFailure): Failure {
  const message = `prepare node \`${nodeId}\` failed before execute: ${describeFailure(cause)}`;
  return {
    ...failure(cause.kind, message, cause.hint === null ? {} : { hint: cause.hint }),
    location: cause.location ?? failure(cause.kind, message, { location: { nodeId } }).location,
  };
}

function needsMessage(run: PlannedRun, by: readonly string[]): string {
  const names = by.map((id) => {
    const needed = run.nodes.get(id);
    return `\`${needed?.kind === 'execute' ? needed.job.id : id}\``;
  });
  return `not run because ${names.join(', ')} did not pass`;
}

async function skipPrepare(
  run: PlannedRun,
  node: PrepareNode,
  cause: PrepareFailure | null,
): Promise<void> {
  if (cause !== null) run.prepareFailures.set(node.id, cause);
  await run.events.emit({
    event: 'prepare_finished',
    runId: run.request.runId,
    nodeId: node.id,
    description: node.description,
    status: 'skipped',
    reused: null,
    durationMs: 0,
    failure: cause?.failure ?? null,
  });
}

/** The first failed prepare node among those that a node waited for, or where that one's failure began. */
function prepareCause(run: PlannedRun, reason: SkipReason): PrepareFailure | null {
  if (reason.kind === 'cancelled') return null;
  for (const id of reason.by) {
    const cause = run.prepareFailures.get(id);
    if (cause !== undefined) return cause;
  }
  return null;
}
