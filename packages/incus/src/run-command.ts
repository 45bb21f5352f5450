import { reachFaultPoint, type JobExecution, type Result } from '@pikaci/model';
import { jobEnvironment, secretVariables, type JobMount } from '@pikaci/paths';
import type { CommandEnding } from './command-ending.js';
import type { FollowProblem } from './follow-command.js';
import { followWithinLimits, type GaveUp } from './follow-within-limits.js';
import { guestFiles } from './guest-files.js';
import { guestPath } from './guest-path.js';
import type { OutputLog } from './output-log.js';
import { mountPlace, workingTree } from './prepare-guest.js';
import type { RunningJob } from './running-job.js';
import type { CommandLimits } from './supervisor-script.js';

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
  const launched: Promise<void>[] = [];
  const followed = await followWithinLimits({
    client,
    instance,
    environment: commandEnvironment(execution, mounts, running.told),
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
      if (launched.length > 0) return;
      recorder.enter('wait_for_completion');
      const reached = reachFaultPoint('incus.command-started');
      launched.push(reached);
      reached.catch(() => {
        fault.abort();
      });
    },
    pause,
  });
  await Promise.all(launched);
  await reachFaultPoint('incus.command-ended');
  return followed;
}

/** The variables of a job's command in the guest, its secrets among them. */
export function commandEnvironment(
  {
    job,
    runId,
    secrets,
    traceparent,
  }: Pick<JobExecution, 'job' | 'runId' | 'secrets' | 'traceparent'>,
  mounts: readonly JobMount[],
  told: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const mode = job.hostContext.workspaceMode;
  return jobEnvironment({
    runId,
    jobId: job.id,
    jobEnv: { ...job.env, ...secretVariables(secrets, guestFiles.secrets) },
    mounts: mounts.map((mount) => ({
      name: mount.name,
      path: mountPlace(mount, mode),
      addToPath: mount.addToPath,
    })),
    workspaceDir: workingTree(mode),
    artifactsDir: guestFiles.artifacts,
    basePath: guestPath,
    traceparent,
    told,
  });
}
