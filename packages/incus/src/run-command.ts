import { err, failure, ok, type Outcome, type Result } from '@pikaci/model';
import { jobEnvironment, type JobMount } from '@pikaci/paths';
import { mkdir } from 'node:fs/promises';
import { followCommand, type FollowProblem } from './follow-command.js';
import { guestFiles } from './guest-files.js';
import { guestPath } from './guest-path.js';
import type { EndedBy } from './job-verdict.js';
import { openOutputLog, type OutputLog } from './output-log.js';
import { mountPlace, workingTree } from './prepare-guest.js';
import type { RunningJob } from './running-job.js';
import type { CommandEnding } from './supervisor-script.js';

/** Opens the job's guest log. */
export async function openLog(running: RunningJob): Promise<Outcome<OutputLog>> {
  const { guestLogPath, artifactsDir } = running.execution.job.hostContext;
  try {
    await mkdir(artifactsDir, { recursive: true });
    const { observer } = running.execution;
    return ok(
      await openOutputLog(guestLogPath, (stream, chunk) => {
        observer.onOutput(stream, chunk);
      }),
    );
  } catch (error) {
    return err(
      failure('infrastructure', `The log ${guestLogPath} cannot be written`, {
        reason: String(error),
        hint: 'Make room, or choose another --state-root.',
      }),
    );
  }
}

/** Closes it; what could not be written is a note. */
export async function closeLog(log: OutputLog): Promise<readonly string[]> {
  try {
    await log.close();
    return [];
  } catch (error) {
    return [`The log could not be written to its end: ${String(error)}`];
  }
}

/** Starts the command and follows it, until its end, its time limit or its cancellation. */
export async function follow(
  running: RunningJob,
  mounts: readonly JobMount[],
  log: OutputLog,
  owner: { readonly user: number; readonly group: number },
): Promise<{
  readonly followed: Result<CommandEnding, FollowProblem>;
  readonly endedBy: EndedBy;
}> {
  const { client, execution, recorder, instance, pause } = running;
  const { job, signal, observer } = execution;
  const timeout = AbortSignal.timeout(job.timeoutSeconds * 1000);
  let launched = false;
  const followed = await followCommand({
    client,
    instance,
    environment: commandEnvironment(running, mounts),
    ...owner,
    log,
    signal: AbortSignal.any([signal, timeout]),
    onLog: (line) => {
      observer.onLog(line);
    },
    onStarted: () => {
      if (!launched) recorder.enter('wait_for_completion');
      launched = true;
    },
    pause,
  });
  const endedBy = signal.aborted ? 'cancelled' : timeout.aborted ? 'timeout' : null;
  return { followed, endedBy };
}

function commandEnvironment(
  { execution }: RunningJob,
  mounts: readonly JobMount[],
): Readonly<Record<string, string>> {
  const { job, runId } = execution;
  const mode = job.hostContext.workspaceMode;
  return jobEnvironment({
    runId,
    jobId: job.id,
    jobEnv: job.env,
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
