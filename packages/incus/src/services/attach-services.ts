import type { Instance } from '@pikaci/incus-client';
import type { JobExecution, ProcessOwner } from '@pikaci/model';
import { instanceName } from '@pikaci/paths';
import { guestFiles } from '../guest-files.js';
import { jobDevices } from '../job-devices.js';
import { ownerConfig, readMarks } from '../marks.js';
import type { AttachContext } from '../attach-job.js';
import { followService, type FollowedService } from './follow-service.js';
import type { StartedService } from './run-service.js';
import { serviceExecution } from './service-execution.js';
import { servicePlans, type ServicePlan } from './service-plan.js';
import {
  claimSockets,
  hasSocket,
  removeSocketDirectory,
  socketDirectory,
} from './socket-directory.js';
import { noneEnded, stopServices, type EndedServices } from './start-services.js';

/** The services of an attempt that an earlier process began. */
export interface AttachedServices {
  /** Ends them, and removes what they ran in. */
  stop(): Promise<EndedServices>;
}

/** Of a job that has none, or needs them no more. */
export const noServices: AttachedServices = { stop: () => Promise.resolve(noneEnded) };

/** The instances of services of an attempt that are there, each with the plan of its service. */
interface FoundService {
  readonly plan: ServicePlan;
  readonly index: number;
  /** Null: there is none, or one that is not ours. */
  readonly instance: Instance | null;
}

/**
 * Goes on with the services of an attempt. Null when one of them is not there any more, so that a job which still runs
 * cannot be gone on with; what is left of them is removed then.
 */
export async function attachServices(
  execution: JobExecution,
  context: AttachContext,
): Promise<AttachedServices | null> {
  const plans = servicePlans(execution);
  if (plans.length === 0) return noServices;
  const directory = directoryOf(execution, context);
  const found = await findServices(execution, context, plans);
  const alive = await Promise.all(found.map((one) => isAlive(context, one, directory)));
  if (!alive.every(Boolean)) {
    await discardAll(execution, context, found);
    return null;
  }
  const { runId } = execution;
  const { stateRoot, owner } = context;
  await claimSockets(directory, { runId, stateRoot, owner });
  const services = await Promise.all(found.map((one) => takeUp(execution, context, one)));
  return { stop: () => stopServices(services, directory) };
}

/** Removes what is left of the services of an attempt that nobody goes on with. */
export async function removeServices(
  execution: JobExecution,
  context: AttachContext,
): Promise<void> {
  const plans = servicePlans(execution);
  if (plans.length === 0) return;
  await discardAll(execution, context, await findServices(execution, context, plans));
}

function directoryOf({ runId, job, attempt }: JobExecution, { runtimeDir }: AttachContext): string {
  return socketDirectory(runtimeDir, instanceName(runId, job.id, attempt));
}

function findServices(
  execution: JobExecution,
  { client, stateRoot }: AttachContext,
  plans: readonly ServicePlan[],
): Promise<readonly FoundService[]> {
  return Promise.all(
    plans.map(async (plan, index): Promise<FoundService> => {
      const read = await client.instances.get(plan.instance);
      const isOurs = read.ok && isOfService(read.value, execution, plan, stateRoot);
      return { plan, index, instance: isOurs ? read.value : null };
    }),
  );
}

function isOfService(
  { config }: Instance,
  { runId, job, attempt }: JobExecution,
  { name }: ServicePlan,
  stateRoot: string,
): boolean {
  const marks = readMarks(config);
  if (marks === null || !('jobId' in marks.purpose)) return false;
  const { jobId, service, attempt: itsAttempt } = marks.purpose;
  const isOfJob = jobId === job.id && itsAttempt === attempt && service === name;
  return marks.runId === runId && marks.stateRoot === stateRoot && isOfJob;
}

/** Whether a service can be gone on with: it runs, was started, and can be reached. */
async function isAlive(
  { client }: AttachContext,
  { plan, index, instance }: FoundService,
  directory: string,
): Promise<boolean> {
  if (instance?.status !== 'Running') return false;
  const started = await client.files.stat(plan.instance, guestFiles.started);
  return started.ok && (plan.port === null || (await hasSocket(directory, index)));
}

async function discardAll(
  execution: JobExecution,
  context: AttachContext,
  found: readonly FoundService[],
): Promise<void> {
  await Promise.all(
    found.flatMap(({ instance }) =>
      instance === null ? [] : [discard(execution, context, instance)],
    ),
  );
  await removeSocketDirectory(directoryOf(execution, context));
}

async function discard(
  { runId }: JobExecution,
  context: AttachContext,
  { name, uuid }: Instance,
): Promise<void> {
  await context.discard({ name, runId, uuid: uuid ?? null, mayAppear: false });
}

async function takeUp(
  execution: JobExecution,
  context: AttachContext & { readonly owner: ProcessOwner },
  { plan, instance }: FoundService,
): Promise<StartedService> {
  const { client, config, pause, slackMs, project, owner } = context;
  await client.instances.patch(plan.instance, { config: ownerConfig(owner) });
  const stopping = new AbortController();
  const ends = { signal: stopping.signal, force: execution.force };
  const own = serviceExecution(execution, plan, ends, config.provisionTimeoutSeconds);
  const devices = await jobDevices(own, config.instance, project);
  const state = await client.instances.getState(plan.instance);
  const guest = { client, pause, slackMs, instance: plan.instance };
  const followed = await followService(
    {
      ...guest,
      plan,
      execution: own,
      pid: state.ok ? state.value.pid : null,
      mounts: devices.ok ? devices.value.mounts : [],
      unwanted: execution.signal,
    },
    false,
  );
  return {
    problem: followed.ok ? null : followed.error,
    stop: async () => {
      stopping.abort();
      const ended = followed.ok ? await followed.value.end() : unfollowed;
      const { name, port } = plan;
      const { state: how, exitCode, notes, lost } = ended;
      const logPath = own.job.hostContext.guestLogPath;
      const record = { name, state: how, readyAfterMs: null, exitCode, port, logPath };
      return {
        ...{ notes, lost },
        record: { ...record, instance: plan.instance },
        released: instance === null ? Promise.resolve() : discard(execution, context, instance),
      };
    },
  };
}

/** Of a service whose log could not be written. */
const unfollowed: Awaited<ReturnType<FollowedService['end']>> = {
  state: 'stopped',
  exitCode: null,
  notes: [],
  lost: null,
};
