import { systemFailure } from '@pikaci/host';
import {
  failure,
  type Failure,
  type JobExecution,
  type JobServiceRecord,
  type Outcome,
} from '@pikaci/model';
import type { OwnedInstance } from '../instance-teardown.js';
import { jobInstanceSpec } from '../instance-spec.js';
import { allDevices, type JobDevices } from '../job-devices.js';
import { createPhaseRecorder } from '../phase-recorder.js';
import { prepareGuest } from '../prepare-guest.js';
import { beginProvisioning, type Provisioning } from '../provisioning.js';
import { jobLimits, jobUser } from '../run-command.js';
import type { StartJobContext } from '../run-job.js';
import { startInstance, type StartedInstance } from '../start-instance.js';
import type { EndedService } from './ended-service.js';
import { followService, type FollowedService } from './follow-service.js';
import { proxyOfService } from './proxy-devices.js';
import { serviceExecution } from './service-execution.js';
import type { ServicePlan } from './service-plan.js';

/** What the services of an attempt share. */
export interface ServicesContext extends StartJobContext {
  readonly execution: JobExecution;
  /** The directory of their sockets. */
  readonly directory: string;
  /** Aborted when nobody wants them to become ready any more. */
  readonly unwanted: AbortSignal;
}

/** A service of which at least an instance was asked for, or which never came that far. */
export interface StartedService {
  /** Null: it can be used. */
  readonly problem: Failure | null;
  /** Ends it. What it ran in is on its way out then. */
  stop(): Promise<StoppedService>;
}

/** A service that has ended. */
export interface StoppedService extends Pick<EndedService, 'notes' | 'lost'> {
  readonly record: JobServiceRecord;
  /** Resolves when its instance is gone. */
  readonly released: Promise<void>;
}

/** Makes an instance for a service, runs its command there, and waits until it can be used. Never rejects for a failure. */
export async function startService(
  context: ServicesContext,
  plan: ServicePlan,
  index: number,
): Promise<StartedService> {
  const { execution, config } = context;
  const stopping = new AbortController();
  const ends = { signal: stopping.signal, force: execution.force };
  const own = serviceExecution(execution, plan, ends, config.provisionTimeoutSeconds);
  const held: Held = { owned: null };
  const started = await broughtUp(context, own, { plan, index, held }).catch((error: unknown) => {
    return systemFailure(`Service \`${plan.name}\` was broken off`, error);
  });
  const followed = started.ok ? started.value : null;
  const failed = started.ok ? started.value.problem : inService(plan, started.error);
  const problem = failed !== null && context.unwanted.aborted ? unwanted(failed) : failed;
  return {
    problem,
    stop: async () => {
      stopping.abort();
      const ended = followed === null ? unstarted(problem) : await followed.end();
      const released = held.owned === null ? Promise.resolve() : discard(context, held.owned);
      return { ...ended, record: recordOf(plan, own, followed, ended), released };
    },
  };
}

/** What a service has of the server so far. */
interface Held {
  owned: OwnedInstance | null;
}

interface ServicePlace {
  readonly plan: ServicePlan;
  readonly index: number;
  readonly held: Held;
}

async function discard(context: ServicesContext, owned: OwnedInstance): Promise<void> {
  await context.discard(owned);
}

function unwanted(failed: Failure): Failure {
  return failed.kind === 'cancelled' ? failed : failure('cancelled', 'cancelled');
}

function inService({ name }: ServicePlan, failed: Failure): Failure {
  return { ...failed, message: `service \`${name}\`: ${failed.message}` };
}

function unstarted(problem: Failure | null): EndedService {
  const state = problem?.kind === 'cancelled' ? 'cancelled' : 'failed';
  return { state, exitCode: null, notes: [], lost: null };
}

function recordOf(
  { name, port, instance }: ServicePlan,
  { job }: JobExecution,
  followed: FollowedService | null,
  { state, exitCode }: EndedService,
): JobServiceRecord {
  const readyAfterMs = followed?.readyAfterMs ?? null;
  const logPath = job.hostContext.guestLogPath;
  return { name, state, readyAfterMs, exitCode, port, instance, logPath };
}

/** From nothing to a service that can be used, or to why it cannot. */
async function broughtUp(
  context: ServicesContext,
  execution: JobExecution,
  place: ServicePlace,
): Promise<Outcome<FollowedService>> {
  const { plan } = place;
  const provisioning = beginProvisioning(context.config.provisionTimeoutSeconds, context.unwanted);
  const proxies = proxyOfService(plan, place.index, context.directory);
  const devices = await allDevices({ ...context, execution }, proxies);
  if (!devices.ok) return devices;
  const instance = await instanceOf(context, place, devices.value, provisioning);
  if (!instance.ok) return instance;
  const { client, place: server, project, pause, slackMs } = context;
  const { job } = execution;
  const prepared = await prepareGuest({
    client,
    place: { ...server, instance: plan.instance },
    mode: job.hostContext.workspaceMode,
    mounts: devices.value.mounts,
    command: devices.value.command,
    ...jobUser(job.user),
    limits: jobLimits({ execution }),
    network: job.network,
    secrets: [],
    copies: project.refusesShift,
    provisioning,
  });
  if (!prepared.ok) return prepared;
  const { mounts } = devices.value;
  const { unwanted } = context;
  const guest = { client, pause, slackMs, instance: plan.instance, pid: instance.value.pid };
  return followService({ ...guest, plan, execution, mounts, unwanted }, true);
}

async function instanceOf(
  context: ServicesContext,
  { plan, held }: ServicePlace,
  { devices }: JobDevices,
  provisioning: Provisioning,
): Promise<Outcome<StartedInstance>> {
  const { client, config, place, pause, clock, execution, owner, stateRoot, unwanted } = context;
  const image = await context.resolveImage(plan.service.image ?? context.image.alias);
  if (!image.ok) return image;
  const { runId, job, attempt } = execution;
  const spec = jobInstanceSpec({
    ...{ runId, attempt, stateRoot, devices, config, owner, limits: job.limits },
    jobId: job.id,
    fingerprint: image.value.fingerprint,
    service: { name: plan.name, instance: plan.instance },
  });
  const owned = { name: plan.instance, runId, uuid: null, mayAppear: true };
  held.owned = owned;
  const started = await startInstance({
    ...{ client, spec, place, pause, provisioning, signal: unwanted },
    recorder: createPhaseRecorder(clock, () => undefined),
    onImageMissing: context.forgetImage,
  });
  if (started.ok) {
    held.owned = { ...owned, uuid: started.value.uuid, mayAppear: false };
    return started;
  }
  held.owned = { ...owned, mayAppear: started.error.mayAppear };
  return { ok: false, error: started.error.failure };
}
