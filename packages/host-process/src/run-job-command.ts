import { endMarkedProcesses } from '@pikaci/host';
import { describeFailure, type Clock, type JobExecution } from '@pikaci/model';
import { jobEnvironment, jobMarks } from '@pikaci/paths';
import { baseEnvironment } from './base-environment.js';
import { openGuestLog, type GuestLog } from './guest-log.js';
import { cancelledVerdict, commandVerdict, failedVerdict, type JobVerdict } from './job-verdict.js';
import type { NamespaceSupport } from './namespace/detect-namespaces.js';
import { environmentMounts } from './placed-mounts.js';
import type { ReadyJob } from './ready-job.js';
import { runInTree } from './run-in-tree.js';
import type { FinishedCommand, TreeCommand } from './working-tree/working-tree.js';

/** What every job of a process runtime needs. */
export interface ProcessJobSettings {
  readonly clock: Clock;
  /** Jobs inherit a part of it. */
  readonly environment: NodeJS.ProcessEnv;
  support(): Promise<NamespaceSupport>;
}

/** A job whose command is over, or could not be started. */
export interface RanCommand {
  readonly verdict: JobVerdict;
  /** Null when the command was not started. */
  readonly finished: FinishedCommand | null;
  readonly notes: readonly string[];
}

/** Runs a job's command in its working tree, with all it prints in the job's log. */
export async function runJobCommand(
  settings: ProcessJobSettings,
  job: ReadyJob,
): Promise<RanCommand> {
  const { execution, request } = job;
  const { job: planned, observer } = execution;
  const log = await openGuestLog(planned.hostContext.guestLogPath);
  if (!log.ok) return { verdict: failedVerdict(log.error), finished: null, notes: [] };
  observer.onPhase('launch_guest');
  const command = treeCommand(settings, job, log.value);
  const ran = await runInTree(await settings.support(), request, command, observer);
  // Processes that left the group; they are found by their environment.
  await endMarkedProcesses(marksOf(execution));
  const closed = await log.value.close();
  const notes = closed.ok ? [] : [describeFailure(closed.error)];
  if (ran.ok) {
    const verdict = commandVerdict(ran.value.result, planned.timeoutSeconds);
    return { verdict, finished: ran.value, notes };
  }
  const verdict = execution.signal.aborted ? cancelledVerdict() : failedVerdict(ran.error);
  return { verdict, finished: null, notes };
}

function treeCommand(settings: ProcessJobSettings, job: ReadyJob, log: GuestLog): TreeCommand {
  const { command, execution } = job;
  const { job: planned, observer, signal, force } = execution;
  const receive = (stream: 'stdout' | 'stderr') => (chunk: Uint8Array) => {
    observer.onOutput(stream, chunk);
    return log.append(chunk);
  };
  return {
    script: command,
    env: environmentOf(settings, job),
    timeoutSeconds: planned.timeoutSeconds,
    network: planned.network,
    graceSeconds: planned.cancelGraceSeconds,
    signal,
    force,
    endWithUs: { marks: marksOf(execution) },
    onStarted: () => {
      observer.onPhase('wait_for_completion');
    },
    onStdout: receive('stdout'),
    onStderr: receive('stderr'),
  };
}

/** What tells the job's processes from all others. */
export function marksOf({
  runId,
  job,
}: Pick<JobExecution, 'runId' | 'job'>): Record<string, string> {
  return jobMarks({ runId, jobId: job.id, artifactsDir: job.hostContext.artifactsDir });
}

function environmentOf(settings: ProcessJobSettings, job: ReadyJob): Record<string, string> {
  const { execution, request } = job;
  const base = baseEnvironment(settings.environment);
  const environment = jobEnvironment({
    runId: execution.runId,
    jobId: execution.job.id,
    jobEnv: execution.job.env,
    mounts: environmentMounts(request.mounts),
    workspaceDir: request.workspaceDir,
    artifactsDir: execution.job.hostContext.artifactsDir,
    basePath: base.PATH,
  });
  return { ...base, ...environment };
}
