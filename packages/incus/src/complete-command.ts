import {
  describeFailure,
  formatByteSize,
  reachFaultPoint,
  withLostOutput,
  type Failure,
} from '@pikaci/model';
import type { JobMount } from '@pikaci/paths';
import type { CommandEnding } from './command-ending.js';
import { collectArtifacts, type CollectedArtifacts } from './guest-artifacts.js';
import { instanceFate } from './instance-fate.js';
import { failed, judge, type JobVerdict } from './job-verdict.js';
import { openOutputLog, type OutputLog } from './output-log.js';
import { patientFiles } from './patient-files.js';
import { workingTree } from './prepare-guest.js';
import { reconcileOutput } from './reconcile-output.js';
import { follow } from './run-command.js';
import type { RunningJob } from './running-job.js';

/** How long to wait for a server that restarts while results are fetched, in ms. */
const collectPatienceMs = 30_000;

/** How long fetching may take from a guest that did not end its command in time: it may be stuck. */
const stuckGuestMs = 30_000;

/** What came of a job's command. */
export interface RanJob {
  readonly verdict: JobVerdict;
  readonly files: readonly string[];
  /** Those of them that are test reports. */
  readonly reports: readonly string[];
  readonly notes: readonly string[];
  /** The command's end could not be seen: the verdict is none on the job. */
  readonly isLost: boolean;
}

/** A job whose command was not run. */
export function unrun(why: Failure): RanJob {
  return { verdict: failed(why), files: [], reports: [], notes: [], isLost: true };
}

/**
 * Starts the command of a job, or goes on with it, and brings home all that comes of it.
 *
 * @param goesOn true when an earlier process has started it
 */
export async function completeCommand(
  running: RunningJob,
  mounts: readonly JobMount[],
  goesOn: boolean,
): Promise<RanJob> {
  const { execution, recorder, instance } = running;
  const log = await openOutputLog(execution, running.clock, goesOn);
  if (!log.ok) return unrun(log.error);
  const end = await follow(running, mounts, log.value).catch(async (error: unknown) => {
    await log.value.close();
    throw error;
  });
  const { followed, gaveUp } = end;
  recorder.enter('collect_artifacts');
  const exitCode = followed.ok ? followed.value.exitCode : null;
  const isFateAsked = gaveUp === null && exitCode !== 0;
  const instanceProblem = isFateAsked ? await instanceFate(running, exitCode) : null;
  const collected = await collect(running, log.value, end);
  const verdict = judge({
    ...end,
    cancelled: execution.signal.aborted,
    instanceProblem,
    timeoutSeconds: execution.job.timeoutSeconds,
    instance,
  });
  await reachFaultPoint('incus.collected');
  return {
    verdict: withLostOutput(verdict, { log: collected.logProblem, artifacts: collected.problem }),
    files: collected.files,
    reports: collected.reports,
    notes: collected.notes,
    isLost: !followed.ok && gaveUp === null,
  };
}

interface Collected extends CollectedArtifacts {
  /** Why the log could not be written; null when it could. */
  readonly logProblem: string | null;
}

/** Makes the log complete and fetches the artifacts; nothing of that for who does not want to wait any more. */
async function collect(
  running: RunningJob,
  log: OutputLog,
  { followed, gaveUp }: Awaited<ReturnType<typeof follow>>,
): Promise<Collected> {
  const { client, execution, recorder, instance, pause } = running;
  const { job, force } = execution;
  if (force.aborted) {
    const closed = await closeLog(log, job.logLimitBytes);
    return { files: [], reports: [], problem: null, ...closed };
  }
  const limits = gaveUp === null ? [force] : [force, AbortSignal.timeout(stuckGuestMs)];
  const files = patientFiles(client.files, {
    pause,
    limitMs: followed.ok ? collectPatienceMs : 0,
    signal: AbortSignal.any(limits),
  });
  const ending = followed.ok ? followed.value : null;
  const lost = await recorder.timed('reconcile output', () =>
    reconcileOutput(files, instance, log, ending),
  );
  const closed = await closeLog(log, job.logLimitBytes);
  const end = isPassed(running, ending) ? 'success' : 'failure';
  const patterns = ['always', end].includes(job.artifactsWhen) ? job.artifacts : [];
  const artifacts = await recorder.timed('collect artifacts', () =>
    collectArtifacts({
      files,
      instance,
      patterns,
      reports: job.reports.junit,
      limitBytes: job.artifactsLimitBytes,
      workingTree: workingTree(job.hostContext.workspaceMode),
      artifactsDir: job.hostContext.artifactsDir,
    }),
  );
  const notes = [...lost, ...closed.notes, ...artifacts.notes];
  return { ...artifacts, notes, logProblem: closed.logProblem };
}

/** As far as the command can tell: what else goes wrong is no reason to keep less. */
function isPassed({ execution }: RunningJob, ending: CommandEnding | null): boolean {
  return ending?.reason === 'exited' && ending.exitCode === 0 && !execution.signal.aborted;
}

/** Closes the log, and says what is not in it. */
async function closeLog(
  log: OutputLog,
  limitBytes: number,
): Promise<{ readonly logProblem: string | null; readonly notes: readonly string[] }> {
  const closed = await log.close();
  if (!closed.ok) {
    const logProblem = describeFailure(closed.error);
    return { logProblem, notes: [logProblem] };
  }
  const { leftOutBytes, totalBytes, indexProblem } = closed.value;
  const limit = formatByteSize(limitBytes);
  const leftOut = `${leftOutBytes} of ${totalBytes} bytes of output are not in the log: its limit is ${limit}`;
  const notes = [
    ...(leftOutBytes === 0 ? [] : [leftOut]),
    ...(indexProblem === null ? [] : [indexProblem]),
  ];
  return { logProblem: null, notes };
}
