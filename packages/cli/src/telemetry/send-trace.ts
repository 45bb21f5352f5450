import { hostname } from 'node:os';
import type { Outcome, RunRecord, RunTrace } from '@pikaci/model';
import { createRunStore } from '@pikaci/store';
import { exportTrace, runSpans, type ExportSettings, type RecordedRun } from '@pikaci/telemetry';
import { packageVersion } from '../package-version.js';
import type { Session } from '../session.js';
import type { EndedRun } from './trace-run.js';

/** A person who has cancelled the run does not wait longer than so for its trace. */
const patienceAfterCancelMs = 2000;

/** Where a trace goes to. */
interface Destination {
  readonly stateRoot: string;
  readonly settings: ExportSettings;
  readonly trace: RunTrace;
}

/** Makes the spans of a run from its records, in which secrets are masked, and exports them. */
export async function sendTrace(
  { io }: Session,
  { stateRoot, settings, trace }: Destination,
  { record, exitCode, cancellation }: EndedRun,
): Promise<Outcome<void>> {
  const run = await readRun(stateRoot, record, exitCode);
  const version = packageVersion();
  const stops = [cancellation.signal, cancellation.force];
  const isCancelled = stops.some(({ aborted }) => aborted);
  const timeoutMs = isCancelled
    ? Math.min(settings.timeoutMs, patienceAfterCancelMs)
    : settings.timeoutMs;
  return exportTrace(
    { ...settings, timeoutMs },
    {
      traceId: trace.traceId,
      resource: { ...resourceOf(record, version), ...settings.resource },
      scope: { name: 'pikaci', version },
      spans: runSpans(run, trace),
    },
    {
      timer: io.timer,
      random: Math.random,
      // The next signal ends the wait. Those of before have ended the run, and its trace is wanted all the same.
      signal: AbortSignal.any(stops.filter(({ aborted }) => !aborted)),
    },
  );
}

/** What cannot be read is left out: the record alone makes a trace, with less in it. */
async function readRun(
  stateRoot: string,
  record: RunRecord,
  exitCode: number,
): Promise<RecordedRun> {
  const store = createRunStore({ stateRoot });
  const events = await store.readEvents(record.runId);
  const plan = await store.readPlan(record.runId);
  const prepared = await store.readPreparedOutputs(record.runId);
  return {
    record,
    exitCode,
    events: events.ok ? events.value : [],
    plan: plan.ok ? plan.value : null,
    outputs: prepared.ok ? (prepared.value?.outputs ?? []) : [],
  };
}

/** Who the spans come from, in the words of the conventions. */
function resourceOf(record: RunRecord, version: string): Record<string, string> {
  return {
    'service.version': version,
    'telemetry.sdk.name': 'pikaci',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': version,
    'host.name': hostname(),
    'cicd.pipeline.run.id': record.runId,
    ...(record.targetId === null ? {} : { 'cicd.pipeline.name': record.targetId }),
    ...(record.gitHead === null ? {} : { 'vcs.ref.head.revision': record.gitHead }),
  };
}
