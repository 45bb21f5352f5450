import { askUntil, LastLines, systemFailure } from '@pikaci/host';
import {
  describeFailure,
  endedServiceFailure,
  failure,
  ok,
  systemClock,
  unreadyServiceFailure,
  type Failure,
  type JobExecution,
  type Outcome,
} from '@pikaci/model';
import type { JobMount } from '@pikaci/paths';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { followWithinLimits } from '../follow-within-limits.js';
import { instanceFate } from '../instance-fate.js';
import { openOutputLog, type OutputLog } from '../output-log.js';
import { patientFiles } from '../patient-files.js';
import { workingTree } from '../prepare-guest.js';
import { reconcileOutput } from '../reconcile-output.js';
import { commandEnvironment, jobLimits, jobUser } from '../run-command.js';
import type { RunningJob } from '../running-job.js';
import { checkReady } from './check-ready.js';
import { endedService, lostService, type EndedService, type ServiceEnd } from './ended-service.js';
import { readyCommandOf, toldService } from './service-execution.js';
import type { ServicePlan } from './service-plan.js';

/** How long to wait for a server that restarts while the rest of the output is fetched, in ms. */
const collectPatienceMs = 10_000;

/** A service in an instance that is ready for its command. */
export interface ServiceInGuest extends Pick<
  RunningJob,
  'client' | 'instance' | 'pid' | 'pause' | 'slackMs'
> {
  readonly plan: ServicePlan;
  /** As a job: see `serviceExecution`. Its signal ends the service. */
  readonly execution: JobExecution;
  readonly mounts: readonly JobMount[];
  /** Aborted when nobody wants it to become ready any more. */
  readonly unwanted: AbortSignal;
}

/** A service whose command was started. */
export interface FollowedService {
  /** Why it cannot be used; null: it can. */
  readonly problem: Failure | null;
  readonly readyAfterMs: number | null;
  /** Waits for the end of its command, which was asked for before, or has come by itself. */
  end(): Promise<EndedService>;
}

/**
 * Starts the command of a service, unless it was started before, and waits until it can be used, or never will be.
 *
 * @param wait false for one that was ready before
 */
export async function followService(
  service: ServiceInGuest,
  wait: boolean,
): Promise<Outcome<FollowedService>> {
  const lastLines = new LastLines();
  const { execution, plan } = service;
  const log = await openServiceLog(execution, lastLines, !wait);
  if (!log.ok) return log;
  const over = new AbortController();
  const following = follow(service, log.value).finally(() => {
    over.abort();
  });
  const startedMs = performance.now();
  const problem = wait ? await becomeReady(service, over.signal, following, lastLines) : null;
  const readyAfterMs = problem === null && wait ? Math.round(performance.now() - startedMs) : null;
  return ok({
    problem,
    readyAfterMs,
    end: async () => {
      const end = await following;
      const closed = await log.value.close();
      const notes = closed.ok ? [] : [`service \`${plan.name}\`: ${describeFailure(closed.error)}`];
      return endedService(service, problem, end, notes);
    },
  });
}

/** The log of a service, empty, in a directory of the service's own. */
async function openServiceLog(
  execution: JobExecution,
  lastLines: LastLines,
  goesOn: boolean,
): Promise<Outcome<OutputLog>> {
  const { guestLogPath } = execution.job.hostContext;
  try {
    await mkdir(dirname(guestLogPath), { recursive: true });
  } catch (error) {
    return systemFailure('The directory of a service could not be made', error, guestLogPath);
  }
  const onOutput = (_stream: unknown, chunk: Uint8Array) => {
    lastLines.add(chunk);
  };
  const observer = { ...execution.observer, onOutput };
  return openOutputLog({ ...execution, observer }, systemClock, goesOn);
}

/** Follows the command to its end, and fetches what is missing of its output. Never rejects. */
async function follow(service: ServiceInGuest, log: OutputLog): Promise<ServiceEnd> {
  const { client, execution, instance, mounts, pause, plan, slackMs } = service;
  const { followed } = await followWithinLimits({
    ...{ client, instance, log, pause, slackMs },
    environment: commandEnvironment(execution, mounts, toldService(plan)),
    ...jobUser(execution.job.user),
    limits: jobLimits({ execution }),
    cancel: execution.signal,
    force: execution.force,
    onLog: (line) => {
      execution.observer.onLog(line);
    },
    onStarted: () => undefined,
  });
  if (execution.force.aborted) return { exitCode: null, byItself: false, lost: null };
  const files = patientFiles(client.files, {
    pause,
    limitMs: followed.ok ? collectPatienceMs : 0,
    signal: AbortSignal.any([execution.force, AbortSignal.timeout(collectPatienceMs)]),
  });
  await reconcileOutput(files, instance, log, followed.ok ? followed.value : null);
  const exitCode = followed.ok ? followed.value.exitCode : null;
  const byItself = followed.ok
    ? followed.value.reason === 'exited'
    : followed.error.kind === 'lost';
  const fate = byItself && exitCode !== 0 ? await instanceFate(service, exitCode) : null;
  const reason = !followed.ok && followed.error.kind === 'lost' ? followed.error.reason : null;
  return { exitCode, byItself, lost: fate ?? reason };
}

/** Null when it can be used; else why it never will be. */
async function becomeReady(
  service: ServiceInGuest,
  over: AbortSignal,
  following: Promise<ServiceEnd>,
  lastLines: LastLines,
): Promise<Failure | null> {
  const { client, execution, instance, mounts, plan, unwanted } = service;
  const { job, masker } = execution;
  const readyCommand = readyCommandOf(plan, execution, mounts);
  if (!readyCommand.ok) return readyCommand.error;
  const checked = {
    ...{ client, instance, masker, port: plan.port, readyCommand: readyCommand.value },
    environment: commandEnvironment(execution, mounts, toldService(plan)),
    ...jobUser(job.user),
    workingTree: workingTree(job.hostContext.workspaceMode),
  };
  const seconds = plan.service.readyTimeoutSeconds;
  const answer = await askUntil({
    ask: (signal) => checkReady(checked, signal),
    limitMs: seconds * 1000,
    signal: AbortSignal.any([over, unwanted]),
  });
  if (answer.kind === 'yes' && !over.aborted) return null;
  if (unwanted.aborted) return failure('cancelled', 'cancelled', { location: { instance } });
  const failed = { name: plan.name, logPath: job.hostContext.guestLogPath };
  if (answer.kind === 'late') {
    const lines = { ...failed, lastLines: lastLines.text() };
    return unreadyServiceFailure(lines, { seconds, check: answer.why });
  }
  const end = await following;
  if (end.lost !== null) return lostService(service, end.lost);
  return endedServiceFailure({ ...failed, lastLines: lastLines.text() }, end.exitCode);
}
