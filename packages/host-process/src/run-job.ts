import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { endMarkedProcesses, removeTree, systemFailure } from '@pikaci/host';
import {
  describeFailure,
  ok,
  type Clock,
  type Failure,
  type JobExecution,
  type JobOutcome,
  type Outcome,
} from '@pikaci/model';
import { jobEnvironment, jobMarks, jobMounts } from '@pikaci/paths';
import { collectArtifacts } from './artifacts/collect-artifacts.js';
import { baseEnvironment } from './base-environment.js';
import { openGuestLog } from './guest-log.js';
import { cancelledVerdict, commandVerdict, failedVerdict, type JobVerdict } from './job-verdict.js';
import type { NamespaceSupport } from './namespace/detect-namespaces.js';
import { environmentMounts, payloadRecords, placeMounts } from './placed-mounts.js';
import { reservedArtifactNames, writeResultFiles } from './result-files.js';
import { runInTree } from './run-in-tree.js';
import type { FinishedCommand, TreeCommand, TreeRequest } from './working-tree/working-tree.js';

/** What every job of a process runtime needs. */
export interface ProcessJobSettings {
  readonly clock: Clock;
  readonly graceSeconds: number;
  readonly environment: NodeJS.ProcessEnv;
  support(): Promise<NamespaceSupport>;
}

/** A job with everything in its place, about to run. */
interface ReadyJob {
  readonly execution: JobExecution;
  readonly request: TreeRequest;
}

/** Runs one job from its directories to its record. */
export async function runJob(
  settings: ProcessJobSettings,
  execution: JobExecution,
): Promise<JobOutcome> {
  const startedAt = settings.clock.now();
  const request = await prepareTree(execution);
  if (!request.ok) return outcomeOf(execution, [], failedVerdict(request.error), noFiles);
  const job = { execution, request: request.value };
  const ran = await runCommandOfJob(settings, job);
  const files = await afterwards(job, ran);
  const span = { startedAt, finishedAt: settings.clock.now() };
  const { artifactsDir } = execution.job.hostContext;
  const notes = await writeResultFiles(artifactsDir, ran.verdict, span);
  const all = { ...files, notes: [...ran.notes, ...files.notes, ...notes] };
  return outcomeOf(execution, request.value.mounts, ran.verdict, all);
}

/** Canonical paths: a namespace's mounts are known by them, and a job that asks where it is hears them. */
async function prepareTree(execution: JobExecution): Promise<Outcome<TreeRequest>> {
  const { id, hostContext: context } = execution.job;
  const mounts = jobMounts(id, execution.payloads);
  if (!mounts.ok) return mounts;
  try {
    await mkdir(context.artifactsDir, { recursive: true });
    await mkdir(dirname(context.guestLogPath), { recursive: true });
    await mkdir(context.jobDir, { recursive: true });
    const jobDir = await realpath(context.jobDir);
    const workspaceDir = join(jobDir, 'workspace');
    const request = {
      snapshotDir: await realpath(context.workspaceSnapshotDir),
      workspaceDir,
      layersDir: join(jobDir, 'layers'),
      mode: context.workspaceMode,
      mounts: placeMounts(mounts.value, workspaceDir),
    };
    // Left there by an earlier attempt that was killed.
    const notes = await removeDirectories(request);
    return notes[0] === undefined ? ok(request) : { ok: false, error: notes[0] };
  } catch (error) {
    return systemFailure('The directories of the job could not be prepared', error);
  }
}

interface RanCommand {
  readonly verdict: JobVerdict;
  /** Null when the command was not started. */
  readonly finished: FinishedCommand | null;
  readonly notes: readonly string[];
}

async function runCommandOfJob(settings: ProcessJobSettings, job: ReadyJob): Promise<RanCommand> {
  const { execution, request } = job;
  const { job: planned, observer } = execution;
  const log = await openGuestLog(planned.hostContext.guestLogPath);
  if (!log.ok) return { verdict: failedVerdict(log.error), finished: null, notes: [] };
  const receive = (stream: 'stdout' | 'stderr') => (chunk: Uint8Array) => {
    observer.onOutput(stream, chunk);
    return log.value.append(chunk);
  };
  observer.onPhase('launch_guest');
  const command: TreeCommand = {
    script: planned.command,
    env: environmentOf(settings, job),
    timeoutSeconds: planned.timeoutSeconds,
    graceSeconds: settings.graceSeconds,
    signal: execution.signal,
    onStdout: receive('stdout'),
    onStderr: receive('stderr'),
  };
  const ran = await runInTree(await settings.support(), request, command, observer);
  // Processes that left the group; they are found by their environment.
  await endMarkedProcesses(jobMarks(execution.runId, planned.id));
  const closed = await log.value.close();
  const notes = closed.ok ? [] : [describeFailure(closed.error)];
  if (ran.ok) {
    const verdict = commandVerdict(ran.value.result, planned.timeoutSeconds);
    return { verdict, finished: ran.value, notes };
  }
  const verdict = execution.signal.aborted ? cancelledVerdict() : failedVerdict(ran.error);
  return { verdict, finished: null, notes };
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

interface JobFiles {
  readonly artifacts: readonly string[];
  readonly notes: readonly string[];
}

const noFiles: JobFiles = { artifacts: [], notes: [] };

/** Keeps what the job declared, and takes its directories away. Nothing here changes the verdict. */
async function afterwards(job: ReadyJob, ran: RanCommand): Promise<JobFiles> {
  const files = await collect(job, ran);
  await ran.finished?.release();
  const left = await removeDirectories(job.request);
  return { ...files, notes: [...files.notes, ...left.map(describeFailure)] };
}

async function collect(job: ReadyJob, ran: RanCommand): Promise<JobFiles> {
  const { artifacts: declared, hostContext: context } = job.execution.job;
  const cancelled = ran.verdict.failure?.kind === 'cancelled';
  if (ran.finished === null || cancelled || declared.length === 0) return noFiles;
  const { treeDir } = ran.finished;
  if (treeDir === null) {
    return { artifacts: [], notes: ['no artifacts: the working tree cannot be looked at'] };
  }
  job.execution.observer.onPhase('collect_artifacts');
  const { paths, notes } = await collectArtifacts({
    declared,
    treeDir,
    mountPaths: job.request.mounts.flatMap(({ mount }) => mount.workspacePath ?? []),
    artifactsDir: context.artifactsDir,
    reservedNames: reservedArtifactNames(context),
  });
  return { artifacts: paths, notes };
}

async function removeDirectories(request: TreeRequest): Promise<Failure[]> {
  const removed = [await removeTree(request.workspaceDir), await removeTree(request.layersDir)];
  return removed.flatMap((outcome) => (outcome.ok ? [] : [outcome.error]));
}

function outcomeOf(
  execution: JobExecution,
  mounts: TreeRequest['mounts'],
  verdict: JobVerdict,
  files: JobFiles,
): JobOutcome {
  return {
    verdict: verdict.failure === null ? 'passed' : 'failed',
    exitCode: verdict.exitCode,
    message: verdict.message,
    failure: verdict.failure,
    execution: null,
    payloads: payloadRecords(execution.payloads, mounts),
    artifacts: files.artifacts,
    notes: files.notes,
  };
}
