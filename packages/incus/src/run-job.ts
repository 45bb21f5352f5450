import {
  fail,
  ok,
  type Failure,
  type JobExecution,
  type JobOutcome,
  type Outcome,
} from '@pikaci/model';
import { access } from 'node:fs/promises';
import { collectArtifacts, type CollectedArtifacts } from './guest-artifacts.js';
import { jobInstanceSpec } from './instance-spec.js';
import type { OwnedInstance } from './instance-teardown.js';
import { jobDevices, type JobDevices } from './job-devices.js';
import { cancelled, failed, judge, type JobVerdict } from './job-verdict.js';
import { payloadRecords } from './payload-records.js';
import { createPhaseRecorder } from './phase-recorder.js';
import { prepareGuest, workingTree } from './prepare-guest.js';
import { reconcileOutput } from './reconcile-output.js';
import { writeResultFiles } from './result-files.js';
import { closeLog, follow, openLog } from './run-command.js';
import type { RunJobContext, RunningJob } from './running-job.js';
import { startInstance } from './start-instance.js';

/** Runs one job in an instance of its own. Always returns an outcome; the instance is on its way out by then. */
export async function runJob(execution: JobExecution, context: RunJobContext): Promise<JobOutcome> {
  const recorder = createPhaseRecorder(context.clock, (phase) => {
    execution.observer.onPhase(phase);
  });
  const startedAt = context.clock.now();
  recorder.enter('prepare_directories');
  const devices = await jobDevices(execution, context.config.instance);
  const spec = jobInstanceSpec({
    runId: execution.runId,
    jobId: execution.job.id,
    stateRoot: context.stateRoot,
    fingerprint: context.image.fingerprint,
    devices: devices.ok ? devices.value.devices : {},
    config: context.config,
  });
  const running: RunningJob = { ...context, execution, recorder, instance: spec.name };
  const ran = devices.ok
    ? await inInstance(running, devices.value, spec)
    : nothingHeld(devices.error);
  recorder.end();
  const notes = [...ran.collected.notes, ...(await recordResult(running, ran.verdict, startedAt))];
  return {
    verdict: ran.verdict.failure === null ? 'passed' : 'failed',
    exitCode: ran.verdict.exitCode,
    message: ran.verdict.message,
    failure: ran.verdict.failure,
    execution: {
      backend: 'incus',
      incusImage: { project: context.config.project, ...context.image },
      phases: [...recorder.phases],
      instance: spec.name,
      operations: [...recorder.operations],
    },
    payloads: [...payloadRecords(execution, devices.ok ? devices.value.mounts : [])],
    artifacts: ran.collected.files,
    notes,
    released: ran.released,
  };
}

interface RanJob {
  readonly verdict: JobVerdict;
  readonly collected: CollectedArtifacts;
}

const nothingCollected: CollectedArtifacts = { files: [], notes: [] };

const unrun = (why: Failure): RanJob => ({ verdict: failed(why), collected: nothingCollected });

/** A job whose instance is on its way out. */
interface ReleasedJob extends RanJob {
  readonly released: Promise<void>;
}

const nothingHeld = (why: Failure): ReleasedJob => ({ ...unrun(why), released: Promise.resolve() });

async function inInstance(
  running: RunningJob,
  devices: JobDevices,
  spec: ReturnType<typeof jobInstanceSpec>,
): Promise<ReleasedJob> {
  const { client, execution, recorder, place, instance } = running;
  const context = execution.job.hostContext;
  recorder.enter('stage_workspace_snapshot');
  const staged = await snapshotThere(context.workspaceSnapshotDir);
  if (!staged.ok) return nothingHeld(staged.error);
  if (execution.signal.aborted) return nothingHeld(cancelled(instance));
  recorder.enter('prepare_runtime');
  const { signal, pause } = { signal: execution.signal, pause: running.pause };
  const started = await startInstance({ client, spec, place, recorder, signal, pause });
  const owned: OwnedInstance = {
    name: instance,
    runId: execution.runId,
    uuid: started.ok ? started.value : null,
  };
  const released = (): Promise<void> => running.discard(owned).then(() => undefined);
  try {
    const ran = await inStarted(running, devices, started);
    return { ...ran, released: released() };
  } catch (error) {
    // A bug; but nothing else would remove the instance.
    void released();
    throw error;
  }
}

async function inStarted(
  running: RunningJob,
  devices: JobDevices,
  started: Outcome<string | null>,
): Promise<RanJob> {
  if (!started.ok) return unrun(started.error);
  if (running.execution.signal.aborted) return unrun(cancelled(running.instance));
  return inGuest(running, devices);
}

async function snapshotThere(dir: string): Promise<Outcome<void>> {
  try {
    await access(dir);
    return ok(undefined);
  } catch (error) {
    return fail('infrastructure', `The snapshot ${dir} is gone`, {
      reason: String(error),
      hint: 'Run again; it will be made anew.',
    });
  }
}

async function inGuest(running: RunningJob, devices: JobDevices): Promise<RanJob> {
  const { client, execution, recorder, place, instance } = running;
  const { job, signal } = execution;
  const [user = 0, group = user] = (job.user ?? '0').split(':').map(Number);
  const mode = job.hostContext.workspaceMode;
  if (devices.command !== job.command) {
    execution.observer.onLog(`the command is: ${devices.command}`);
  }
  const prepared = await recorder.timed('set up the guest', () =>
    prepareGuest({
      client,
      place: { ...place, instance },
      mode,
      mounts: devices.mounts,
      command: devices.command,
      user,
      group,
    }),
  );
  if (!prepared.ok) return unrun(prepared.error);
  if (signal.aborted) return unrun(cancelled(instance));
  recorder.enter('launch_guest');
  const log = await openLog(running);
  if (!log.ok) return unrun(log.error);
  const { followed, endedBy } = await follow(running, devices.mounts, log.value, { user, group });
  const verdict = judge(followed, endedBy, job.timeoutSeconds, instance);
  recorder.enter('collect_artifacts');
  const lost = await recorder.timed('reconcile output', () =>
    reconcileOutput(client, instance, log.value, followed.ok ? followed.value : null),
  );
  const logNotes = [...lost, ...(await closeLog(log.value))];
  const collected = await recorder.timed('collect artifacts', () =>
    collectArtifacts({
      client,
      instance,
      patterns: job.artifacts,
      workingTree: workingTree(mode),
      artifactsDir: job.hostContext.artifactsDir,
    }),
  );
  return { verdict, collected: { ...collected, notes: [...logNotes, ...collected.notes] } };
}

/** Writes the files of the guest contract; the verdict stands whether that succeeds or not. */
async function recordResult(
  running: RunningJob,
  verdict: JobVerdict,
  startedAt: Date,
): Promise<readonly string[]> {
  const { artifactsDir } = running.execution.job.hostContext;
  const finishedAt = running.clock.now();
  const { exitCode, message } = verdict;
  const passed = verdict.failure === null;
  return writeResultFiles(artifactsDir, { passed, exitCode, message, startedAt, finishedAt });
}
