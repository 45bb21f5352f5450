import type { RunRecord } from '@pikaci/model';
import { jobSpans } from './job-spans.js';
import { placeSpans } from './place-spans.js';
import { prepareSpans } from './prepare-spans.js';
import { eventsOf, timeMs, type RecordedRun } from './recorded-run.js';
import { errorText, errorType, resultOf } from './result.js';
import { attributes, type Attributes, type Span, type SpanTree } from './span.js';
import type { TracedRun } from './trace-ids.js';

/**
 * The spans of a run that has ended: the run, below it snapshot and nodes, below those attempts, phases and operations.
 * Parents come before their children, and last at least as long. Pure: the same records give the same spans.
 */
export function runSpans(run: RecordedRun, trace: TracedRun['trace']): readonly Span[] {
  return placeSpans({ runId: run.record.runId, trace }, runTree(run));
}

function runTree(run: RecordedRun): SpanTree {
  const { record } = run;
  const startMs = timeMs(record.createdAt) ?? 0;
  const endMs = Math.max(startMs, timeMs(record.finishedAt) ?? startMs, lastEventMs(run));
  return {
    key: 'run',
    // As the conventions for CI systems have it: what is done, and with which pipeline.
    name: record.targetId === null ? 'RUN' : `RUN ${record.targetId}`,
    kind: 'server',
    startMs,
    endMs,
    attributes: aboutRun(record, run.exitCode),
    error: errorText(record),
    children: [...snapshotSpans(run), ...prepareSpans(run, endMs), ...jobSpans(run, endMs)],
  };
}

/** What is cleaned up after the verdict takes time as well. */
function lastEventMs({ events }: RecordedRun): number {
  return timeMs(events.at(-1)?.time ?? null) ?? 0;
}

function aboutRun(record: RunRecord, exitCode: number): Attributes {
  return attributes({
    'cicd.pipeline.action.name': 'RUN',
    'cicd.pipeline.name': record.targetId,
    'cicd.pipeline.run.id': record.runId,
    'cicd.pipeline.result': resultOf(record),
    'error.type': errorType(record),
    'process.exit.code': exitCode,
    'vcs.ref.head.revision': record.gitHead,
    'pikaci.failure.kind': record.failureKind,
    'pikaci.git.dirty': record.gitDirty,
    'pikaci.snapshot.hash': record.snapshotHash,
    'pikaci.rerun_of': record.rerunOf,
    'pikaci.resumed': record.resumedAt.length,
    'pikaci.jobs': record.jobs.length,
  });
}

/** The snapshot was taken when the event says so, and that took so long. */
function snapshotSpans({ events }: RecordedRun): readonly SpanTree[] {
  return eventsOf(events, 'snapshot_taken').map(({ time, hash, reused, durationMs }, index) => {
    const endMs = timeMs(time) ?? 0;
    return {
      key: `snapshot ${index + 1}`,
      name: 'snapshot',
      kind: 'internal',
      startMs: endMs - durationMs,
      endMs,
      attributes: { 'pikaci.snapshot.hash': hash, 'pikaci.snapshot.reused': reused },
      error: null,
      children: [],
    };
  });
}
