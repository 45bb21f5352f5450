import {
  describeFailure,
  fail,
  formatTimestamp,
  type Outcome,
  type PreparePayloadNode,
  type PrepareRuntimeNode,
} from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';
import { endByForce } from '../control/end-by-force.js';
import { pause } from '../control/pause.js';
import { guard, reached } from '../guard.js';
import { logLine } from '../host-log.js';
import type { NodeResult } from '../scheduler.js';
import { backoffMs, prepareRetries } from './retry.js';

export type PrepareNode = PreparePayloadNode | PrepareRuntimeNode;

/** What a prepare node did. */
export interface PrepareResult {
  /** True when nothing had to be built; null for nodes that build nothing. */
  readonly reused: boolean | null;
  /** How long the payload took to build, now or when it was, in milliseconds; null when that is not known. */
  readonly buildMs?: number | null;
}

/**
 * Does the work of a prepare node: with its two events, its timing, and a record of why it failed. After a failure of the
 * machine it is tried again, as often and as slowly as a job is.
 */
export async function timedPrepare(
  run: PlannedRun,
  node: PrepareNode,
  logPaths: readonly string[],
  work: () => Promise<Outcome<PrepareResult>>,
): Promise<NodeResult> {
  const { clock } = run.ports;
  const { runId } = run.request;
  const about = { runId, nodeId: node.id, description: node.description };
  const startedAt = formatTimestamp(clock.now());
  const start = clock.monotonicMs();
  await run.events.emit({ event: 'prepare_started', ...about });
  const result = await untilPrepared(run, node, logPaths, work);
  const durationMs = Math.max(0, Math.round(clock.monotonicMs() - start));
  const finishedAt = formatTimestamp(clock.now());
  if (!result.ok) {
    run.prepareFailures.set(node.id, { nodeId: node.id, failure: result.error });
    logLine(run, logPaths, `\`${node.id}\` failed: ${describeFailure(result.error)}`);
  }
  await run.state.savePrepareTiming({ nodeId: node.id, startedAt, finishedAt, durationMs });
  await run.events.emit({
    event: 'prepare_finished',
    ...about,
    status: result.ok ? 'passed' : 'failed',
    reused: result.ok ? result.value.reused : null,
    buildMs: result.ok ? (result.value.buildMs ?? null) : null,
    durationMs,
    failure: result.ok ? null : result.error,
  });
  return result.ok ? 'succeeded' : 'failed';
}

async function untilPrepared(
  run: PlannedRun,
  node: PrepareNode,
  logPaths: readonly string[],
  work: () => Promise<Outcome<PrepareResult>>,
): Promise<Outcome<PrepareResult>> {
  const { signal } = run.control;
  for (let attempt = 1; ; attempt += 1) {
    const result = await prepareOnce(run, node, work);
    const again = !result.ok && result.error.kind === 'infrastructure' && attempt <= prepareRetries;
    if (!again || signal.aborted) return result;
    const waitMs = backoffMs(attempt);
    const why = describeFailure(result.error);
    logLine(run, logPaths, `\`${node.id}\` failed, again in ${waitMs / 1000} s: ${why}`);
    const waited = await pause(run.ports.timer, waitMs, signal);
    if (!waited) return fail('cancelled', 'cancelled while waiting for another attempt');
  }
}

async function prepareOnce(
  run: PlannedRun,
  node: PrepareNode,
  work: () => Promise<Outcome<PrepareResult>>,
): Promise<Outcome<PrepareResult>> {
  const started = await reached('engine.node-started');
  if (!started.ok) return started;
  const step = guard(`prepare node \`${node.id}\``, work);
  return endByForce<Outcome<PrepareResult>>(run.ports.timer, run.control.force, step, () =>
    fail('cancelled', 'ended by force'),
  );
}
