import { endMarkedProcesses } from '@pikaci/host';
import { err, type Clock, type Failure, type JobServiceRecord } from '@pikaci/model';
import { openJobLog, type GuestLog } from './guest-log.js';
import { cancelledVerdict, commandVerdict, failedVerdict, type JobVerdict } from './job-verdict.js';
import { jobVariables } from './job-variables.js';
import type { NamespaceSupport } from './namespace/detect-namespaces.js';
import { processMarks } from './process-marks.js';
import type { ReadyJob } from './ready-job.js';
import { runInTree } from './run-in-tree.js';
import { placeSecretFiles } from './secret-files.js';
import { startServices, type JobServices } from './services/start-services.js';
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
  readonly services: readonly JobServiceRecord[];
  readonly notes: readonly string[];
  /** Why the disk could not keep the log; null when it could. */
  readonly logProblem: string | null;
}

/** Runs a job's command in its working tree, with all it prints in the job's log, and its secrets at hand. */
export async function runJobCommand(
  settings: ProcessJobSettings,
  job: ReadyJob,
): Promise<RanCommand> {
  const secrets = await placeSecretFiles(job.execution, settings.environment);
  if (!secrets.ok) return unstarted(secrets.error);
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
  const log = await openJobLog(execution, settings.clock);
  if (!log.ok) return unstarted(log.error);
  const support = await settings.support();
  const services = await startServices(job, support, settings.environment);
  if (services.problem === null) observer.onPhase('launch_guest');
  const command = treeCommand(settings, job, log.value, { secretsDir, services });
  const running =
    services.problem === null
      ? runInTree(support, request, command, observer)
      : Promise.resolve(err(services.problem));
  const ran = await running.catch(async (bug: unknown) => {
    await services.stop();
    throw bug;
  });
  const ended = await services.stop();
  // Processes that left the group; they are found by their environment.
  await endMarkedProcesses(processMarks(execution));
  const closed = await log.value.close();
  const notes = [...ended.notes, ...closed.notes];
  const common = { services: ended.records, notes, logProblem: closed.problem };
  if (ran.ok) {
    const verdict = commandVerdict(ran.value.result, planned.timeoutSeconds);
    return { ...common, verdict, finished: ran.value };
  }
  const verdict = execution.signal.aborted ? cancelledVerdict() : failedVerdict(ran.error);
  return { ...common, verdict, finished: null };
}

/** A job whose command could not be started. */
function unstarted(why: Failure): RanCommand {
  const verdict = failedVerdict(why);
  return { verdict, finished: null, services: [], notes: [], logProblem: null };
}

/** What is there for a command beside its working tree. */
interface BesideCommand {
  readonly secretsDir: string;
  readonly services: JobServices;
}

function treeCommand(
  settings: ProcessJobSettings,
  job: ReadyJob,
  log: GuestLog,
  beside: BesideCommand,
): TreeCommand {
  const { command, execution, request } = job;
  const { job: planned, observer, signal, force } = execution;
  return {
    script: command,
    env: jobVariables(settings.environment, execution, request, {
      secretsDir: beside.secretsDir,
      artifactsDir: planned.hostContext.artifactsDir,
      told: beside.services.variables,
    }),
    timeoutSeconds: planned.timeoutSeconds,
    network: planned.network,
    networkOf: beside.services.networkOf,
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
