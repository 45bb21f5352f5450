import type { PlanNodeRecord, PreparedOutputRecord } from '@pikaci/model';
import { eventsOf, timeMs, type EventOf, type RecordedRun } from './recorded-run.js';
import { errorText, errorType, resultOf, type RecordedEnd } from './result.js';
import { attributes, type Attributes, type SpanTree } from './span.js';

type Started = EventOf<'prepare_started'>;
type Finished = EventOf<'prepare_finished'>;

/** A span for each time a payload or a runtime was prepared: again, where the run was taken up again. */
export function prepareSpans(run: RecordedRun, endMs: number): readonly SpanTree[] {
  const started = eventsOf(run.events, 'prepare_started');
  return started.map((start, index) => {
    const times = started.slice(0, index).filter(({ nodeId }) => nodeId === start.nodeId).length;
    return prepareSpan(run, start, { key: `node ${start.nodeId} time ${times + 1}`, endMs });
  });
}

function prepareSpan(
  run: RecordedRun,
  start: Started,
  { key, endMs }: { readonly key: string; readonly endMs: number },
): SpanTree {
  const finish = finishOf(run, start);
  const end = endOf(finish);
  const startMs = timeMs(start.time) ?? endMs;
  return {
    key,
    name: start.nodeId,
    kind: 'internal',
    startMs,
    endMs: finish === null ? brokenOffMs(run, start, endMs) : startMs + finish.durationMs,
    attributes: {
      ...attributes({
        'cicd.pipeline.task.name': start.nodeId,
        'cicd.pipeline.task.run.id': key,
        'cicd.pipeline.task.run.result': resultOf(end),
        'error.type': errorType(end),
        'pikaci.node.id': start.nodeId,
        'pikaci.failure.kind': finish?.failure?.kind,
      }),
      ...aboutNode(run, start.nodeId, finish),
    },
    error: errorText(end),
    children: [],
  };
}

/** The end of it; null when the process ended before. */
function finishOf({ events }: RecordedRun, start: Started): Finished | null {
  const after = events.filter(({ sequence }) => sequence > start.sequence);
  for (const event of after) {
    if (event.event === 'run_resumed') return null;
    if (event.event === 'prepare_finished' && event.nodeId === start.nodeId) return event;
  }
  return null;
}

/** When it was last known that something goes on, where the end is not known. */
function brokenOffMs({ events }: RecordedRun, start: Started, endMs: number): number {
  const index = events.findIndex(
    ({ event, sequence }) => event === 'run_resumed' && sequence > start.sequence,
  );
  return timeMs(events[index - 1]?.time ?? null) ?? endMs;
}

function endOf(finish: Finished | null): RecordedEnd {
  if (finish === null) {
    return { status: 'running', failureKind: null, failure: null, message: null };
  }
  const { status, failure } = finish;
  return { status, failureKind: failure?.kind ?? null, failure, message: null };
}

function aboutNode(run: RecordedRun, nodeId: string, finish: Finished | null): Attributes {
  const node = run.plan?.nodes.find(({ id }) => id === nodeId);
  const output = run.outputs.find((one) => one.nodeId === nodeId);
  const payload = payloadOf(node, output);
  if (payload === null) return { 'pikaci.node.kind': 'prepare-runtime' };
  return attributes({
    'cicd.pipeline.task.type': 'build',
    'pikaci.node.kind': 'prepare-payload',
    'pikaci.payload.id': payload.id,
    'pikaci.payload.kind': payload.kind,
    'pikaci.payload.key': output?.contentKey,
    'pikaci.payload.result': foundOrBuilt(finish),
    'pikaci.payload.build_ms': finish?.buildMs,
  });
}

function payloadOf(
  node: PlanNodeRecord | undefined,
  output: PreparedOutputRecord | undefined,
): { readonly id: string | null; readonly kind: string | null } | null {
  if (node?.kind === 'prepare' && node.prepare.type === 'nix_build') {
    return { id: node.prepare.payload?.id ?? null, kind: node.prepare.payload?.kind ?? null };
  }
  return output === undefined ? null : { id: output.payloadId, kind: null };
}

function foundOrBuilt(finish: Finished | null): 'hit' | 'built' | null {
  if (finish?.status !== 'passed' || finish.reused === null) return null;
  return finish.reused ? 'hit' : 'built';
}
