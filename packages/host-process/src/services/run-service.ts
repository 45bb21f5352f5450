import { askUntil, LastLines, systemFailure } from '@pikaci/host';
import {
  describeFailure,
  endedServiceFailure,
  failure,
  ok,
  systemClock,
  unreadyServiceFailure,
  type Failure,
  type JobServiceRecord,
  type Outcome,
  type ServiceState,
} from '@pikaci/model';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openGuestLog, type GuestLog } from '../guest-log.js';
import type { NamespaceSupport } from '../namespace/detect-namespaces.js';
import { processMarks } from '../process-marks.js';
import { runInTree } from '../run-in-tree.js';
import { removeTreeDirectories } from '../working-tree/remove-tree-directories.js';
import type { FinishedCommand, StartedProcess } from '../working-tree/working-tree.js';
import { checkReady } from './check-ready.js';
import type { ServiceRun } from './service-run.js';

/** How services of a job are run. */
export interface ServiceSettings {
  readonly support: NamespaceSupport;
  /** A process in whose network they run, if that is none. */
  readonly networkOf: number | null;
  /** Aborted when nobody wants them to become ready any more. */
  readonly unwanted: AbortSignal;
}

/** A service that was started. */
export interface StartedService {
  /** Null: it can be used. */
  readonly problem: Failure | null;
  /** Ends it, if it has not ended, and says what became of it. */
  stop(): Promise<StoppedService>;
}

/** A service of which nothing is left. */
export interface StoppedService {
  readonly record: JobServiceRecord;
  readonly notes: readonly string[];
}

/** Starts a service, and waits until it can be used, or never will be. */
export async function startService(
  settings: ServiceSettings,
  run: ServiceRun,
): Promise<Outcome<StartedService>> {
  try {
    await mkdir(dirname(run.logPath), { recursive: true });
    // Left there by an earlier attempt that was killed.
    const cleared = await removeTreeDirectories(run.request);
    if (!cleared.ok) return cleared;
  } catch (error) {
    return systemFailure('The directory of a service could not be made', error, run.logPath);
  }
  const lastLines = new LastLines();
  const { execution, logPath: path } = run;
  const log = await openGuestLog({
    path,
    limitBytes: execution.job.logLimitBytes,
    clock: systemClock,
    masker: execution.masker,
    onOutput: (_stream, chunk) => {
      lastLines.add(chunk);
    },
  });
  if (!log.ok) return log;
  const living = liveService(settings, run, log.value);
  const startedMs = performance.now();
  const problem = await becomeReady(settings, run, living, lastLines);
  const readyAfterMs = problem === null ? Math.round(performance.now() - startedMs) : null;
  return ok({
    problem,
    stop: () => stopService(run, living, log.value, { problem, readyAfterMs }),
  });
}

/** A service as a process. */
interface LiveService {
  /** Resolves when its command was started; never, if it could not be. */
  readonly started: Promise<StartedProcess>;
  readonly ended: Promise<Outcome<FinishedCommand>>;
  /** Null while it goes on. */
  readonly end: () => Outcome<FinishedCommand> | null;
  /** Aborted when it has ended. */
  readonly over: AbortSignal;
  readonly stop: () => void;
}

function liveService(settings: ServiceSettings, run: ServiceRun, log: GuestLog): LiveService {
  const { execution, service, env } = run;
  const { observer, force, job } = execution;
  const over = new AbortController();
  const stopping = new AbortController();
  let tellStarted: (started: StartedProcess) => void = () => undefined;
  const started = new Promise<StartedProcess>((resolve) => (tellStarted = resolve));
  let end: Outcome<FinishedCommand> | null = null;
  const command = {
    script: service.command,
    env,
    network: job.network,
    networkOf: settings.networkOf,
    graceSeconds: job.cancelGraceSeconds,
    signal: stopping.signal,
    force,
    endWithUs: { marks: processMarks(execution) },
    onStarted: tellStarted,
    onStdout: (chunk: Uint8Array) => log.receive('stdout', chunk),
    onStderr: (chunk: Uint8Array) => log.receive('stderr', chunk),
  };
  const running = async (): Promise<Outcome<FinishedCommand>> => {
    end = await runInTree(settings.support, run.request, command, observer);
    over.abort();
    return end;
  };
  return {
    started,
    ended: running(),
    end: () => end,
    over: over.signal,
    stop: () => {
      stopping.abort();
    },
  };
}

/** Null when it can be used; else why it never will be. */
async function becomeReady(
  { unwanted }: ServiceSettings,
  run: ServiceRun,
  living: LiveService,
  lastLines: LastLines,
): Promise<Failure | null> {
  const { service, logPath } = run;
  const seconds = service.readyTimeoutSeconds;
  const first = await Promise.race([living.started, living.ended, whenAborted(unwanted)]);
  const answer =
    first !== null && 'pid' in first
      ? await askUntil({
          ask: (signal) => checkReady(run, first, signal),
          limitMs: seconds * 1000,
          signal: AbortSignal.any([living.over, unwanted]),
        })
      : null;
  if (answer?.kind === 'yes' && living.end() === null) return null;
  if (unwanted.aborted) return failure('cancelled', 'cancelled');
  const failed = { name: service.name, logPath, lastLines: lastLines.text() };
  if (answer?.kind === 'late') return unreadyServiceFailure(failed, { seconds, check: answer.why });
  const end = await living.ended;
  // What it printed last may have come after the question was broken off.
  if (end.ok) {
    const printed = { ...failed, lastLines: lastLines.text() };
    return endedServiceFailure(printed, end.value.result.exitCode);
  }
  const { message, ...detail } = end.error;
  return { ...detail, message: `service \`${service.name}\`: ${message}` };
}

/** Making a working tree may take a while, where it is copied. */
function whenAborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    const tell = () => resolve(null);
    signal.addEventListener('abort', tell, { once: true });
    if (signal.aborted) tell();
  });
}

interface Readiness {
  readonly problem: Failure | null;
  readonly readyAfterMs: number | null;
}

async function stopService(
  { execution, service, port, request, logPath }: ServiceRun,
  living: LiveService,
  log: GuestLog,
  { problem, readyAfterMs }: Readiness,
): Promise<StoppedService> {
  // By itself, unless everything was ended by force.
  const endedBefore = execution.force.aborted ? null : living.end();
  living.stop();
  const end = await living.ended;
  if (end.ok) await end.value.release();
  const notes = (await log.close()).notes.map((note) => `service \`${service.name}\`: ${note}`);
  const removed = await removeTreeDirectories(request);
  if (!removed.ok) notes.push(describeFailure(removed.error));
  const exitCode = endedBefore?.ok === true ? endedBefore.value.result.exitCode : null;
  if (problem === null && endedBefore !== null) {
    const how = exitCode === null ? '' : ` with ${exitCode}`;
    notes.push(`service \`${service.name}\` ended by itself${how} while the job ran`);
  }
  const state = stateOf(problem, endedBefore !== null);
  const { name } = service;
  return {
    record: { name, state, readyAfterMs, exitCode, port, instance: null, logPath },
    notes,
  };
}

function stateOf(problem: Failure | null, hasEnded: boolean): ServiceState {
  if (problem === null) return hasEnded ? 'ended' : 'stopped';
  if (problem.kind === 'cancelled') return 'cancelled';
  return hasEnded ? 'failed' : 'not_ready';
}
