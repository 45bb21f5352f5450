import {
  formatTimestamp,
  ok,
  type AdoptedRun,
  type FailureKind,
  type JobRecord,
  type Outcome,
  type RunRecord,
} from '@pikaci/model';
import { activateRun } from './activate-run.js';
import type { ActiveRun } from './active-run.js';
import { carryOutRun } from './execute-run.js';
import { isGoodEnd } from './good-end.js';
import { guard } from './guard.js';
import type { EnginePorts, RunRequest } from './ports.js';
import { recordedSnapshot } from './recorded-snapshot.js';
import { begunJobIds, lastSequence, tellUntoldEnds } from './untold-events.js';

/** Failures that are a result: the job had its say. After all others it is worth another try. */
const resultKinds: readonly FailureKind[] = ['job', 'timeout'];

/**
 * Goes on with a run that another process began, on the snapshot that it had. Jobs with a result keep it, and what is
 * prepared for them alone is not prepared again. A job that was begun is attached to, and tried anew when nothing of
 * it is left; the others run as if nothing had happened. Events go on where they broke off.
 *
 * The request must be that of the first process, with signals of its own: the plan follows from it.
 */
export async function resumeRun(
  request: RunRequest,
  adopted: AdoptedRun,
  ports: EnginePorts,
): Promise<Outcome<RunRecord>> {
  const { writer, events } = adopted;
  const record = resumedRecord(request, adopted, formatTimestamp(ports.clock.now()));
  const run = activateRun(request, ports, {
    record,
    writer,
    lastSequence: lastSequence(adopted),
    endedBefore: endedBefore(adopted),
  });
  await run.state.saveRun();
  await knowOutputs(run);
  const kept = record.jobs.filter((job) => job.status !== 'running');
  await run.events.emit({
    event: 'run_resumed',
    runId: record.runId,
    keptJobIds: kept.map(({ id }) => id),
  });
  await tellUntoldEnds(run, events);
  return ok(await carryOutRun(run, recordedSnapshot(record)));
}

/** The record as if nothing of its end had been written: results, and jobs that were begun. */
function resumedRecord(
  request: RunRequest,
  { record, events }: AdoptedRun,
  now: string,
): RunRecord {
  const begun = begunJobIds(events);
  const kept = keptJobIds(request, record.jobs);
  const jobs = record.jobs.flatMap((job) => {
    if (kept.has(job.id)) return [job];
    return begun.has(job.id) ? [unended(job)] : [];
  });
  return {
    ...record,
    jobs,
    status: 'running',
    finishedAt: null,
    message: null,
    failureKind: null,
    failure: null,
    resumedAt: [...record.resumedAt, now],
    trace: request.tracing?.trace ?? record.trace,
  };
}

/** Jobs with a result, and those that were skipped because a job whose result is kept did not pass. */
function keptJobIds({ config }: RunRequest, jobs: readonly JobRecord[]): ReadonlySet<string> {
  const kept = new Set(jobs.filter(hasResult).map(({ id }) => id));
  const bars = (id: string) => kept.has(id) && jobs.some((job) => job.id === id && !isGoodEnd(job));
  const waitsForSuccess = (id: string) => config.jobs[id]?.when === 'success';
  for (;;) {
    const more = jobs.filter(
      ({ id, status }) =>
        status === 'skipped' &&
        !kept.has(id) &&
        waitsForSuccess(id) &&
        config.jobs[id]?.needs.some(bars) === true,
    );
    if (more.length === 0) return kept;
    for (const { id } of more) kept.add(id);
  }
}

function hasResult({ status, failureKind }: JobRecord): boolean {
  if (status === 'passed') return true;
  return status === 'failed' && failureKind !== null && resultKinds.includes(failureKind);
}

function endedBefore({ record }: AdoptedRun): ReadonlyMap<string, JobRecord> {
  const ended = record.jobs.filter(({ status }) => status === 'failed');
  return new Map(ended.map((job) => [job.id, job]));
}

function unended(job: JobRecord): JobRecord {
  return {
    ...job,
    status: 'running',
    finishedAt: null,
    exitCode: null,
    message: null,
    flaky: false,
    failureKind: null,
    failure: null,
    artifacts: [],
    testResults: null,
    notes: [],
  };
}

/** Payloads of jobs that are kept are not prepared again, and stay in the record all the same. */
async function knowOutputs(run: ActiveRun): Promise<void> {
  const { store } = run.ports;
  const known = await guard('reading the prepared outputs', () =>
    store.readPreparedOutputs(run.request.runId),
  );
  if (known.ok && known.value !== null) run.state.knowOutputs(known.value.outputs);
}
