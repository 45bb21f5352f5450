import { systemFailure } from '@pikaci/host';
import type { InstanceSpec } from '@pikaci/incus-client';
import {
  type Failure,
  type JobExecution,
  type JobOutcome,
  type Outcome,
  type ProcessOwner,
} from '@pikaci/model';
import { instanceName } from '@pikaci/paths';
import { completeCommand, unrun, type RanJob } from './complete-command.js';
import type { IncusProject } from './incus-project.js';
import { jobInstanceSpec } from './instance-spec.js';
import { allDevices, type JobDevices } from './job-devices.js';
import { endInstance } from './keep-instance.js';
import { jobOutcome, withServices, type ReleasedJob } from './job-outcome.js';
import { cancelled } from './job-verdict.js';
import { createPhaseRecorder } from './phase-recorder.js';
import { prepareGuest } from './prepare-guest.js';
import { beginProvisioning, type Provisioning } from './provisioning.js';
import { jobLimits, jobUser } from './run-command.js';
import type { RunJobContext, RunningJob } from './running-job.js';
import { proxiesOfJob } from './services/proxy-devices.js';
import { removeSocketDirectory } from './services/socket-directory.js';
import {
  decideServices,
  startServices,
  type DecidedServices,
  type JobServices,
} from './services/start-services.js';
import { startInstance, type StartedInstance } from './start-instance.js';

/** What is special to jobs that begin from nothing. */
export interface StartJobContext extends RunJobContext {
  readonly image: { readonly alias: string; readonly fingerprint: string };
  readonly project: IncusProject;
  readonly owner: ProcessOwner;
}

/** A job under way that has no instance yet. */
interface StartingJob extends Omit<RunningJob, 'image'>, StartJobContext {}

/** Runs one job in an instance of its own. Always returns an outcome; the instance is on its way out by then. */
export async function runJob(
  execution: JobExecution,
  context: StartJobContext,
): Promise<JobOutcome> {
  const recorder = createPhaseRecorder(context.clock, (phase) => {
    execution.observer.onPhase(phase);
  });
  const startedAt = context.clock.now();
  const instance = instanceName(execution.runId, execution.job.id, execution.attempt);
  const job: StartingJob = { ...context, execution, recorder, instance, pid: null };
  recorder.enter('prepare_directories');
  const decided = await decideServices(job);
  if (!decided.ok) return jobOutcome(job, nothingHeld(decided.error), [], startedAt);
  const { plans, directory } = decided.value;
  const devices = await allDevices(job, proxiesOfJob(plans, directory));
  if (!devices.ok) {
    await removeSocketDirectory(directory);
    return jobOutcome(job, nothingHeld(devices.error), [], startedAt);
  }
  const ran = await besideServices(job, devices.value, decided.value);
  return jobOutcome(job, ran, devices.value.mounts, startedAt);
}

const nothingHeld = (why: Failure): ReleasedJob => ({
  ...unrun(why),
  released: Promise.resolve(),
  keptUntil: null,
});

/** A job with its services: they start while its instance does, and nothing of them is left when it is released. */
async function besideServices(
  job: StartingJob,
  devices: JobDevices,
  decided: DecidedServices,
): Promise<ReleasedJob> {
  const { execution, recorder, instance } = job;
  recorder.enter('stage_workspace_snapshot');
  if (execution.signal.aborted) {
    const released = removeSocketDirectory(decided.directory).then(() => undefined);
    return { ...unrun(cancelled(instance)), released, keptUntil: null };
  }
  recorder.enter('prepare_runtime');
  const services = startServices(job, decided);
  const ran = await inInstance({ ...job, told: services.variables }, devices, services);
  const ended = await services.stop();
  return withServices(ran, ended);
}

async function inInstance(
  job: StartingJob,
  devices: JobDevices,
  services: JobServices,
): Promise<ReleasedJob> {
  const { client, execution, recorder, place, instance, config } = job;
  const provisioning = beginProvisioning(config.provisionTimeoutSeconds, execution.force);
  let owned = { name: instance, runId: execution.runId, uuid: null as string | null };
  let mayAppear = true;
  let ran: RanJob;
  try {
    const { signal } = execution;
    const { pause, forgetImage: onImageMissing } = job;
    const spec = jobSpec(job, devices);
    const start = { client, spec, place, recorder, pause, signal, provisioning, onImageMissing };
    const started = await startInstance(start);
    mayAppear = !started.ok && started.error.mayAppear;
    if (started.ok) owned = { ...owned, uuid: started.value.uuid };
    ran = started.ok
      ? await inStarted(job, devices, started.value, { provisioning, services })
      : unrunUnlessCancelled(job, started.error.failure);
  } catch (error) {
    const released = job.discard({ ...owned, mayAppear }).then(() => undefined);
    return { ...unrun(brokenOff(error)), released, keptUntil: null };
  }
  const end = await endInstance(job, execution, { ...owned, mayAppear }, ran.verdict);
  return { ...ran, ...end, notes: [...ran.notes, ...end.notes] };
}

function isCancelled({ execution }: StartingJob): boolean {
  return execution.signal.aborted;
}

/** A step that failed after the request to cancel may have failed because of it. */
function unrunUnlessCancelled({ execution, instance }: StartingJob, why: Failure): RanJob {
  return unrun(execution.signal.aborted ? cancelled(instance) : why);
}

/** A failure of this machine; rethrows anything else, which is a bug. */
function brokenOff(error: unknown): Failure {
  return systemFailure('The job was broken off', error).error;
}

function jobSpec(job: StartingJob, { devices }: JobDevices): InstanceSpec {
  const { execution, stateRoot, image, config, owner } = job;
  return jobInstanceSpec({
    runId: execution.runId,
    jobId: execution.job.id,
    attempt: execution.attempt,
    limits: execution.job.limits,
    stateRoot,
    fingerprint: image.fingerprint,
    devices,
    config,
    owner,
  });
}

async function inStarted(
  job: StartingJob,
  devices: JobDevices,
  { pid }: StartedInstance,
  { provisioning, services }: { provisioning: Provisioning; services: JobServices },
): Promise<RanJob> {
  const { instance, recorder, execution } = job;
  if (isCancelled(job)) return unrun(cancelled(instance));
  const prepared = await prepare(job, devices, provisioning);
  if (!prepared.ok) return unrunUnlessCancelled(job, prepared.error);
  if (isCancelled(job)) return unrun(cancelled(instance));
  if (execution.job.services.length > 0) recorder.enter('start_services');
  const unready = await services.ready;
  if (unready !== null) return unrunUnlessCancelled(job, unready);
  recorder.enter('launch_guest');
  const ran = await completeCommand({ ...job, pid }, devices.mounts, false);
  return { ...ran, notes: [...copyNotes(job), ...ran.notes] };
}

function prepare(
  { client, execution, recorder, place, instance, project }: StartingJob,
  { mounts, command }: JobDevices,
  provisioning: Provisioning,
): Promise<Outcome<void>> {
  const { job, secrets } = execution;
  if (command !== job.command) execution.observer.onLog(`the command is: ${command}`);
  return recorder.timed('set up the guest', () =>
    prepareGuest({
      client,
      place: { ...place, instance },
      mode: job.hostContext.workspaceMode,
      mounts,
      command,
      ...jobUser(job.user),
      limits: jobLimits({ execution }),
      network: job.network,
      secrets,
      copies: project.refusesShift,
      provisioning,
    }),
  );
}

/** Says where a job had copies although it asked for overlays. */
function copyNotes({ project, config, execution }: StartingJob): readonly string[] {
  const { workspaceMode, stagedPayloadMounts } = execution.job.hostContext;
  const isOverlay =
    workspaceMode === 'overlay' || stagedPayloadMounts.some(({ mode }) => mode === 'overlay');
  if (!project.refusesShift || !isOverlay || config.instance === 'virtual-machine') return [];
  return [
    `Project "${config.project}" refuses shifted disks (restricted.devices.disk.paths): what the job may write to was copied in the guest`,
  ];
}
