import { access } from 'node:fs/promises';
import {
  identifierPattern,
  type JobRecord,
  type PreparedOutputRecord,
  type RunRecord,
  type StoredPayload,
  type ShownJob,
  type ShownRun,
  type ShownRunPayload,
} from '@pikaci/model';
import { jobLayout, runLayout, snapshotLayout, type RunLayout } from '@pikaci/paths';
import { listPayloads } from '@pikaci/payloads';
import { durationBetween } from '@pikaci/report';
import { createRunStore, isOwnerGone, isPinned, systemOwnerProbe } from '@pikaci/store';
import { canBeResumed } from '../resume/find-run.js';
import { nextCommands } from './next-commands.js';

/** Puts together all that is known of a run: its records, and what the stores still have of it. Reads only. */
export async function describeRun(stateRoot: string, record: RunRecord): Promise<ShownRun> {
  const probe = systemOwnerProbe();
  const abandoned = isOwnerGone(record, probe);
  const layout = runLayout(stateRoot, record.runId);
  const { targetId, targetDescription, failureKind, failure, message, owner } = record;
  const { createdAt, finishedAt, resumedAt, sourceRoot, gitHead, gitDirty } = record;
  return {
    schemaVersion: 1,
    runId: record.runId,
    status: record.status,
    abandoned,
    isPinned: await isPinned(layout.pinFile),
    targetId,
    targetDescription,
    failureKind,
    failure,
    message,
    createdAt,
    finishedAt,
    durationMs: durationBetween(createdAt, finishedAt),
    resumedAt,
    trace: record.trace,
    rerunOf: record.rerunOf,
    reusedResults: record.reusedResults,
    owner,
    sourceRoot,
    gitHead,
    gitDirty,
    snapshot: await snapshotOf(stateRoot, record),
    selection: record.jobs.map(({ id }) => id),
    changeFilter: changeFilterOf(record),
    payloads: await payloadsOf(stateRoot, record),
    jobs: record.jobs.map((job) => shownJob(layout, job)),
    places: await placesOf(layout),
    next: nextCommands({
      record,
      abandoned,
      canBeResumed: canBeResumed({ isOwnerGone: () => abandoned }, record),
    }),
  };
}

async function snapshotOf(stateRoot: string, record: RunRecord): Promise<ShownRun['snapshot']> {
  const { snapshotHash: hash, snapshotDir: dir } = record;
  // A hash leads to a path, and a record may have been tampered with.
  const isStored =
    hash !== null &&
    /^[0-9a-f]+$/u.test(hash) &&
    (await exists(snapshotLayout(stateRoot, hash).markerFile));
  return { hash, dir, isStored };
}

function changeFilterOf({ filters, changedFiles }: RunRecord): ShownRun['changeFilter'] {
  if (filters.length === 0 && changedFiles.length === 0) return null;
  return { patterns: filters, changedFiles };
}

async function payloadsOf(stateRoot: string, record: RunRecord): Promise<ShownRunPayload[]> {
  const prepared = await createRunStore({ stateRoot }).readPreparedOutputs(record.runId);
  const outputs = prepared.ok ? (prepared.value?.outputs ?? []) : [];
  if (outputs.length === 0) return [];
  const { payloads } = await listPayloads(stateRoot);
  const stored = new Map(payloads.map((payload) => [payload.record.contentKey, payload]));
  return outputs.map((output) =>
    shownPayload(record, output, stored.get(output.contentKey ?? '') ?? null),
  );
}

function shownPayload(
  { prepareTimings }: RunRecord,
  output: PreparedOutputRecord,
  stored: StoredPayload | null,
): ShownRunPayload {
  const { nodeId, contentKey, reused } = output;
  return {
    id: output.payloadId ?? nodeId,
    contentKey,
    reused,
    durationMs: prepareTimings.find((timing) => timing.nodeId === nodeId)?.durationMs ?? null,
    sizeBytes: stored?.record.sizeBytes ?? null,
    storePath: output.realizedPath,
  };
}

function shownJob(layout: RunLayout, job: JobRecord): ShownJob {
  const { id, status, failureKind, runtime, attempt, flaky, exitCode, message, failure } = job;
  return {
    id,
    status,
    failureKind,
    runtime,
    attempt,
    flaky,
    allowedFailure: job.allowedFailure,
    durationMs: durationBetween(job.startedAt, job.finishedAt),
    exitCode,
    message,
    failure,
    artifactCount: job.artifacts.length,
    testResults: job.testResults,
    notes: job.notes,
    services: job.services,
    // An id leads to a path, and a record may have been tampered with.
    guestLogPath: identifierPattern.test(id) ? jobLayout(layout, id).guestLog : null,
  };
}

async function placesOf(layout: RunLayout): Promise<Record<string, string>> {
  const places = {
    directory: layout.runDir,
    record: layout.runFile,
    plan: layout.planFile,
    events: layout.eventsFile,
  };
  const found: Record<string, string> = {};
  for (const [name, path] of Object.entries(places)) {
    if (await exists(path)) found[name] = path;
  }
  return found;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
