import { err, failure, ok, reachFaultPoint, type Outcome, type Result } from '@pikaci/model';
import { jobEnvironment, type JobMount } from '@pikaci/paths';
import { mkdir } from 'node:fs/promises';
import type { CommandEnding } from './command-ending.js';
import type { FollowProblem } from './follow-command.js';
import { followWithinLimits, type GaveUp } from './follow-within-limits.js';
import { guestFiles } from './guest-files.js';
import { guestPath } from './guest-path.js';
import { secretVariables } from './guest-secrets.js';
import { openOutputLog, type OutputLog } from './output-log.js';
import { mountPlace, workingTree } from './prepare-guest.js';
import type { RunningJob } from './running-job.js';
import type { CommandLimits } from './supervisor-script.js';

/** Opens the job's guest log. */
export async function openLog({ execution }: RunningJob): Promise<Outcome<OutputLog>> {
  const { masker, observer, job } = execution;
  const { guestLogPath, artifactsDir } = job.hostContext;
  try {
    await mkdir(artifactsDir, { recursive: true });
    const log = await openOutputLog(guestLogPath, masker, (stream, chunk) => {
      observer.onOutput(stream, chunk);
    });
    return ok(log);
  } catch (error) {
    return err(
      failure('infrastructure', `The log ${guestLogPath} cannot be written`, {
        reason: String(error),
        hint: 'Make room, or choose another --state-root.',
      }),
    );
  }
}

/** Closes it; returns why it could not be written to its end, or null. */
export async function closeLog(log: OutputLog): Promise<string | null> {
  try {
    await log.close();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Uid and gid of a job's command in the guest. */
export function jobUser(user: string | null): { readonly user: number; readonly group: number } {
  const [uid = 0, gid = uid] = (user ?? '0').split(':').map(Number);
  return { user: uid, group: gid };
}

/** What the supervisor in the guest enforces. */
export function jobLimits({ execution }: Pick<RunningJob, 'execution'>): CommandLimits {
  const { timeoutSeconds, cancelGraceSeconds } = execution.job;
  return { timeoutSeconds, graceSeconds: cancelGraceSeconds };
}

/** Starts the command, unless it was started before, and follows it until its end, its time limit or its cancellation. */
export async function follow(
  running: RunningJob,
  mounts: readonly JobMount[],
  log: OutputLog,
): Promise<{
  readonly followed: Result<CommandEnding, FollowProblem>;
  readonly gaveUp: GaveUp;
}> {
  const { client, execution, recorder, instance, pause, slackMs } = running;
  const { job, signal, observer } = execution;
  const fault = new AbortController();
  let launched: Promise<void> | null = null;
  const followed = await followWithinLimits({
    client,
    instance,
    environment: commandEnvironment(running, mounts),
    ...jobUser(job.user),
    log,
    limits: jobLimits(running),
    cancel: signal,
    force: AbortSignal.any([execution.force, fault.signal]),
    slackMs,
    onLog: (line) => {
      observer.onLog(line);
    },
    onStarted: () => {
      if (launched !== null) return;
      recorder.enter('wait_for_completion');
      launched = reachFaultPoint('incus.command-started');
      launched.catch(() => {
        fault.abort();
      });
    },
    pause,
  });
  await launched;
  await reachFaultPoint('incus.command-ended');
  return followed;
}

function commandEnvironment(
  { execution }: RunningJob,
  mounts: readonly JobMount[],
): Readonly<Record<string, string>> {
  const { job, runId, secrets } = execution;
  const mode = job.hostContext.workspaceMode;
  return jobEnvironment({
    runId,
    jobId: job.id,
    jobEnv: { ...job.env, ...secretVariables(secrets) },
    mounts: mounts.map((mount) => ({
      name: mount.name,
      path: mountPlace(mount, mode),
      addToPath: mount.addToPath,
    })),
    workspaceDir: workingTree(mode),
    artifactsDir: guestFiles.artifacts,
    basePath: guestPath,
  });
}
