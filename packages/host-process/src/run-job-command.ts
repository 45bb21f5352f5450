import { endMarkedProcesses } from '@pikaci/host';
import type { Clock } from '@pikaci/model';
import { openGuestLog, type GuestLog } from './guest-log.js';
import { cancelledVerdict, commandVerdict, failedVerdict, type JobVerdict } from './job-verdict.js';
import { jobVariables } from './job-variables.js';
import type { NamespaceSupport } from './namespace/detect-namespaces.js';
import { processMarks } from './process-marks.js';
import type { ReadyJob } from './ready-job.js';
import { runInTree } from './run-in-tree.js';
import { placeSecretFiles } from './secret-files.js';
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

/** Runs a job's command in its working tree, with all it prints in the job's log, and its secrets at hand. */
export async function runJobCommand(
  settings: ProcessJobSettings,
  job: ReadyJob,
): Promise<RanCommand> {
  const secrets = await placeSecretFiles(job.execution, settings.environment);
  if (!secrets.ok) return { verdict: failedVerdict(secrets.error), finished: null, notes: [] };
  try {
    return await runWithSecrets(settings, job, secrets.value.dir);
  } finally {
    await secrets.value.remove();
  }
}

async function runWithSecrets(
  settings: ProcessJobSettings,
  job: ReadyJob,
  secretsDir: string,
): Promise<RanCommand> {
  const { execution, request } = job;
  const { job: planned, observer } = execution;
  const log = await openGuestLog(execution);
  if (!log.ok) return { verdict: failedVerdict(log.error), finished: null, notes: [] };
  observer.onPhase('launch_guest');
  const command = treeCommand(settings, job, log.value, secretsDir);
  const ran = await runInTree(await settings.support(), request, command, observer);
  // Processes that left the group; they are found by their environment.
  await endMarkedProcesses(processMarks(execution));
  const notes = await log.value.close();
  if (ran.ok) {
    const verdict = commandVerdict(ran.value.result, planned.timeoutSeconds);
    return { verdict, finished: ran.value, notes };
  }
  const verdict = execution.signal.aborted ? cancelledVerdict() : failedVerdict(ran.error);
  return { verdict, finished: null, notes };
}

function treeCommand(
  settings: ProcessJobSettings,
  job: ReadyJob,
  log: GuestLog,
  secretsDir: string,
): TreeCommand {
  const { command, execution, request } = job;
  const { job: planned, observer, signal, force } = execution;
  return {
    script: command,
    env: jobVariables(settings.environment, execution, request, {
      secretsDir,
      artifactsDir: planned.hostContext.artifactsDir,
    }),
    timeoutSeconds: planned.timeoutSeconds,
    network: planned.network,
    graceSeconds: planned.cancelGraceSeconds,
    signal,
    force,
    endWithUs: { marks: processMarks(execution) },
    onStarted: () => {
      observer.onPhase('wait_for_completion');
    },
    onStdout: (chunk) => log.receive('stdout', chunk),
    onStderr: (chunk) => log.receive('stderr', chunk),
  };
}
