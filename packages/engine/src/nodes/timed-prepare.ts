import {
  describeFailure,
  formatTimestamp,
  type Outcome,
  type PreparePayloadNode,
  type PrepareRuntimeNode,
} from '@pikaci/model';
import type { PlannedRun } from '../active-run.js';
import { guard } from '../guard.js';
import { logLine } from '../host-log.js';
import type { NodeResult } from '../scheduler.js';

export type PrepareNode = PreparePayloadNode | PrepareRuntimeNode;

/** What a prepare node did. */
export interface PrepareResult {
  /** True when nothing had to be built; null for nodes that build nothing. */
  readonly reused: boolean | null;
}

/** Does the work of a prepare node: with its two events, its timing, and a record of why it failed. */
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
  const result = await guard(`prepare node \`${node.id}\``, work);
  const durationMs = Math.max(0, Math.round(clock.monotonicMs() - start));
  const finishedAt = formatTimestamp(clock.now());
  if (!result.ok) {
    run.prepareFailures.set(node.id, { nodeId: node.id, failure: result.error });
    logLine(run.writer, logPaths, `\`${node.id}\` failed: ${describeFailure(result.error)}`);
  }
  await run.state.savePrepareTiming({ nodeId: node.id, startedAt, finishedAt, durationMs });
  await run.events.emit({
    event: 'prepare_finished',
    ...about,
    status: result.ok ? 'passed' : 'failed',
    reused: result.ok ? result.value.reused : null,
    durationMs,
    failure: result.ok ? null : result.error,
  });
  return result.ok ? 'succeeded' : 'failed';
}
