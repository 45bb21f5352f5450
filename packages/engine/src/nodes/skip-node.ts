import {
  describeFailure,
  failure,
  type ExecuteNode,
  type Failure,
  type JobRecord,
  type PlanNode,
} from '@pikaci/model';
import type { PlannedRun, PrepareFailure } from '../active-run.js';
import { notRunMessage, stopReason } from '../control/stop-cause.js';
import { logLine } from '../host-log.js';
import type { SkipReason } from '../scheduler.js';
import { leaveGroup } from './enter-group.js';
import { unstartedJobRecord } from './job-record.js';
import type { PrepareNode } from './timed-prepare.js';

/** Settles a node that will not run. */
export async function skipNode(run: PlannedRun, node: PlanNode, reason: SkipReason): Promise<void> {
  const cause = prepareCause(run, node, reason);
  if (node.kind === 'execute') {
    await settleJob(run, unstartedJob(run, node, reason, cause));
    await leaveGroup(run, node.job.id);
  } else {
    await skipPrepare(run, node, cause);
  }
}

/** Writes the only record of a job that was not started, and tells of it. */
export async function settleJob(run: PlannedRun, job: JobRecord): Promise<void> {
  const { runId } = run.request;
  logLine(run, [job.hostLogPath], `${job.status}: ${job.message ?? ''}`);
  await run.state.saveJob(job);
  const event = job.status === 'skipped' ? 'job_skipped' : 'job_finished';
  await run.events.emit({ event, runId, job });
}

/**
 * A job fails with a payload or a runtime that could not be prepared, and one that was itself cancelled is recorded so.
 * Without such a cause (other jobs did not pass, or the run was stopped) it is skipped.
 */
function unstartedJob(
  run: PlannedRun,
  node: ExecuteNode,
  reason: SkipReason,
  cause: PrepareFailure | null,
): JobRecord {
  const stopped = run.control.cause;
  const isByStop = cause === null ? reason.kind === 'stopped' : cause.failure.kind === 'cancelled';
  if (stopped !== null && isByStop) {
    return unstartedJobRecord(run, node, notRunMessage(stopped), null);
  }
  if (reason.kind === 'withdrawn') {
    const own = run.control.job(node.job.id).cause;
    const failed = failure('cancelled', 'cancelled before it started', {
      ...(own === null ? {} : { reason: stopReason(own) }),
    });
    return unstartedJobRecord(run, node, failed.message, failed);
  }
  if (cause !== null) {
    const failed = blockedFailure(cause);
    return unstartedJobRecord(run, node, failed.message, failed);
  }
  if (reason.kind === 'unwanted') {
    return unstartedJobRecord(run, node, 'not run because nothing that it needs failed', null);
  }
  const by = reason.kind === 'blocked' ? reason.by : [];
  return unstartedJobRecord(run, node, needsMessage(run, by), null);
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
    buildMs: null,
    durationMs: 0,
    failure: cause?.failure ?? null,
  });
}

/**
 * The first failed prepare node among those that a node waited for, or where that one's failure began. After a
 * `fail-fast` it may be what has stopped the run.
 */
function prepareCause(run: PlannedRun, node: PlanNode, reason: SkipReason): PrepareFailure | null {
  const isFailFast = reason.kind === 'stopped' && run.control.cause?.kind === 'fail-fast';
  if (reason.kind !== 'blocked' && !isFailFast) return null;
  for (const id of reason.kind === 'blocked' ? reason.by : node.dependsOn) {
    const cause = run.prepareFailures.get(id);
    if (cause !== undefined) return cause;
  }
  return null;
}
