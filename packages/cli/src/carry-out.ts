import { availableParallelism } from 'node:os';
import type { EnginePorts, RunRequest } from '@pikaci/engine';
import {
  exitCodeForFailure,
  exitCodes,
  type Outcome,
  type RunPlace,
  type RunRecord,
  type RunTrace,
  type Snapshot,
} from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import { formatFailure, type Reporter } from '@pikaci/report';
import { endRunLease, readRunLeases, takeRunLease } from '@pikaci/store';
import { composePorts, composeReporter } from './compose.js';
import { tellWhatIsKept, warnOfKeeping } from './keep/tell-kept.js';
import type { EndingOptions } from './options/ending-options.js';
import { keepSecondsOf, type KeepOptions } from './options/keep-options.js';
import { finishWithFailure } from './output/finish.js';
import { readRunDocument } from './output/run-document.js';
import { appendStepSummary } from './output/step-summary.js';
import type { PlannedRun } from './planned-run.js';
import { watchClosing } from './recovery/closing-watch.js';
import type { Session } from './session.js';
import { cancelOnSignals, type Cancellation } from './signals/cancel-on-signals.js';
import { traceRun, type OpenTrace } from './telemetry/trace-run.js';

/** Options of commands that carry out a run. */
export interface CarryOutOptions extends EndingOptions, KeepOptions {
  readonly jobs?: number;
  readonly failOnSkip?: boolean;
}

/** A run that is to be carried out, from its beginning or from where it was left. */
export interface RunToCarryOut {
  readonly planned: PlannedRun;
  readonly runId: string;
  readonly createdAt: Date;
  readonly options: CarryOutOptions;
  /** The run that this one repeats, and the snapshot that it had. */
  readonly repeats?: { readonly runId: string; readonly snapshot: Snapshot };
  /** The trace that it is a part of already. */
  readonly trace?: RunTrace | null;
  /** Does it; the result is the final record. */
  act(request: RunRequest, ports: EnginePorts): Promise<Outcome<RunRecord>>;
}

/** Carries a run out, with everything around it: report, signals, ports. Returns the exit code that says how it went. */
export async function carryOut(session: Session, run: RunToCarryOut): Promise<number> {
  const { planned, runId, createdAt } = run;
  const { stateRoot } = planned.workspace;
  const trace = await traceRun(session, { stateRoot, runId, createdAt, trace: run.trace ?? null });
  const reporter = composeReporter(session, stateRoot, runId);
  const cancellation = listenForSignals(session, reporter);
  try {
    const ports = composePorts(session, planned, reporter, runId);
    if (!ports.ok) return finishWithFailure(session, ports.error);
    const request = runRequest(run, cancellation, trace);
    warnOfKeeping(session, run);
    const finished = await withLease(run, ports.value, (watched) => run.act(request, watched));
    reporter.close();
    if (!finished.ok) return finishWithFailure(session, finished.error);
    const record = finished.value;
    tellWhatIsKept(session, record);
    await summarise(session, stateRoot, record);
    const exitCode = exitCodeOf(record, run.options);
    await trace?.end({ record, exitCode, cancellation });
    return exitCode;
  } finally {
    reporter.close();
    cancellation.dispose();
  }
}

/** Adds to the summary of a step of GitHub Actions, where the report is for it. A run is as it is, also without. */
async function summarise(session: Session, stateRoot: string, record: RunRecord): Promise<void> {
  if (session.options.output !== 'github') return;
  const written = await appendStepSummary(session, await readRunDocument(stateRoot, record));
  if (!written.ok) session.io.stderr.write(`warning: ${formatFailure(written.error)}\n`);
}

/**
 * The lease is there as long as the run may leave something behind, so that whoever comes after a killed process knows
 * where to look. One that cannot be written is no failure: the run's own record cannot be written then either.
 */
async function withLease(
  { planned, runId }: RunToCarryOut,
  ports: EnginePorts,
  act: (ports: EnginePorts) => Promise<Outcome<RunRecord>>,
): Promise<Outcome<RunRecord>> {
  const { stateRoot } = planned.workspace;
  const watched = watchClosing(ports.runtimes);
  const keptBefore = await keptUntilBefore(stateRoot, runId);
  await takeRunLease(stateRoot, runId, placesOf(planned));
  const finished = await act({ ...ports, runtimes: watched.runtimes });
  const keptUntil = [keptBefore, watched.keptUntil()]
    .filter((time) => time !== null)
    .sort()
    .at(-1);
  if (!watched.isClean()) return finished;
  if (keptUntil === undefined) await endRunLease(stateRoot, runId);
  else await takeRunLease(stateRoot, runId, placesOf(planned), undefined, keptUntil);
  return finished;
}

/** Until when something is kept of a run that is gone on with; null when nothing is, as for a new one. */
async function keptUntilBefore(stateRoot: string, runId: string): Promise<string | null> {
  const leases = await readRunLeases(stateRoot);
  return leases.find(({ name }) => name === runId)?.keptUntil ?? null;
}

/** Where the run may have instances. */
export function placesOf({
  config,
  runtimes,
}: Pick<PlannedRun, 'config' | 'runtimes'>): readonly RunPlace[] {
  const { socket, project } = config.runtimes.incus;
  return runtimes.includes('incus') ? [{ runtime: 'incus', socket, project }] : [];
}

function runRequest(
  { planned, runId, createdAt, options, repeats }: RunToCarryOut,
  cancellation: Cancellation,
  trace: OpenTrace | null,
): RunRequest {
  const { config, selection, filter, workspace, runtime } = planned;
  return {
    runId,
    createdAt,
    config,
    selection,
    layout: runLayout(workspace.stateRoot, runId),
    workspaceRoot: workspace.workspaceRoot,
    ...(runtime === undefined ? {} : { runtime }),
    ...(repeats === undefined ? {} : { rerunOf: repeats.runId, snapshot: repeats.snapshot }),
    ...(trace === null ? {} : { tracing: trace.tracing }),
    jobLimit: options.jobs ?? config.limits.jobs ?? availableParallelism(),
    filters: filter.patterns,
    changedFiles: filter.changedFiles,
    failFast: options.failFast === true,
    keepSeconds: keepSecondsOf(options),
    timeoutSeconds: options.timeout ?? config.timeoutSeconds ?? null,
    signal: cancellation.signal,
    force: cancellation.force,
  };
}

function listenForSignals(session: Session, reporter: Reporter): Cancellation {
  const { io } = session;
  return cancelOnSignals({
    source: io.signals,
    clock: io.clock,
    // The human report says so itself, where it belongs; a second writer would tear its live block.
    onCancel: () => {
      if (session.isForPrograms) io.stderr.write('cancelling… (again to stop at once)\n');
    },
    onForce: () => {
      if (session.isForPrograms)
        io.stderr.write('stopping at once… (again to leave everything as it is)\n');
    },
    onGiveUp: () => {
      reporter.close();
      io.stderr.write('left everything as it was: the next pikaci command cleans up\n');
      io.exitNow(exitCodes.interrupted);
    },
  });
}

/** A skipped run is no failure, unless the caller takes it for one. */
function exitCodeOf(record: RunRecord, options: CarryOutOptions): number {
  if (record.status === 'failed') return exitCodeForFailure(record.failureKind ?? 'job');
  const isRefused = record.status === 'skipped' && options.failOnSkip === true;
  return isRefused ? exitCodes.nothingSelected : exitCodes.passed;
}
