import { isNotFound, type Instance } from '@pikaci/incus-client';
import type { JobExecution, JobOutcome, ProcessOwner } from '@pikaci/model';
import { instanceName } from '@pikaci/paths';
import { completeCommand } from './complete-command.js';
import { guestFiles } from './guest-files.js';
import { incusFailure } from './incus-failure.js';
import type { IncusProject } from './incus-project.js';
import { jobDevices } from './job-devices.js';
import { jobOutcome, outcomeOf, withServices } from './job-outcome.js';
import { failed, type JobVerdict } from './job-verdict.js';
import { endInstance, type InstanceEnd } from './keep-instance.js';
import { ownerConfig, readMarks } from './marks.js';
import { createPhaseRecorder } from './phase-recorder.js';
import type { RunJobContext } from './running-job.js';
import {
  attachServices,
  noServices,
  removeServices,
  type AttachedServices,
} from './services/attach-services.js';

/** What attaching needs: the image is the one that the instance was made from. */
export interface AttachContext extends Omit<RunJobContext, 'image'> {
  /** Alias of the image, for the record. */
  readonly alias: string;
  readonly owner: ProcessOwner;
  readonly project: IncusProject;
}

/**
 * Goes on with an attempt whose process is gone: its command may have ended meanwhile, or still run. Null when there is
 * nothing to go on with; an instance that is of no use is removed before.
 */
export async function attachJob(
  execution: JobExecution,
  context: AttachContext,
): Promise<JobOutcome | null> {
  const outcome = await attachInstance(execution, context);
  if (outcome === null) await removeServices(execution, context);
  return outcome;
}

async function attachInstance(
  execution: JobExecution,
  context: AttachContext,
): Promise<JobOutcome | null> {
  const { client, place } = context;
  const name = instanceName(execution.runId, execution.job.id, execution.attempt);
  const read = await client.instances.get(name);
  if (!read.ok) {
    if (isNotFound(read.error)) return null;
    const why = incusFailure('read the instance of the job', read.error, place);
    return outcomeOf(failed(why));
  }
  const instance = read.value;
  if (!isOfAttempt(instance, execution, context.stateRoot)) return null;
  const owned = {
    name,
    runId: execution.runId,
    uuid: instance.uuid ?? null,
    mayAppear: false,
  };
  const started = await client.files.stat(name, guestFiles.started);
  if (instance.status !== 'Running' || !started.ok) {
    await context.discard(owned);
    return null;
  }
  await client.instances.patch(name, { config: ownerConfig(context.owner) });
  // One that has ended needs its services no more.
  const hasEnded = (await client.files.stat(name, guestFiles.ending)).ok;
  const services = (await attachServices(execution, context)) ?? (hasEnded ? noServices : null);
  const outcome =
    services === null
      ? null
      : await takeUp(execution, context, { instance, services }, (verdict) =>
          endInstance(context, execution, owned, verdict),
        );
  if (outcome === null) await context.discard(owned);
  return outcome;
}

function isOfAttempt(
  instance: Instance,
  { runId, job, attempt }: JobExecution,
  stateRoot: string,
): boolean {
  const marks = readMarks(instance.config);
  return (
    marks?.runId === runId &&
    marks.stateRoot === stateRoot &&
    'jobId' in marks.purpose &&
    marks.purpose.jobId === job.id &&
    marks.purpose.attempt === attempt &&
    marks.purpose.service === undefined
  );
}

async function takeUp(
  execution: JobExecution,
  context: AttachContext,
  { instance, services }: { readonly instance: Instance; readonly services: AttachedServices },
  end: (verdict: JobVerdict) => Promise<InstanceEnd>,
): Promise<JobOutcome | null> {
  const { client, clock, config, alias } = context;
  const startedAt = clock.now();
  const recorder = createPhaseRecorder(clock, (phase) => {
    execution.observer.onPhase(phase);
  });
  recorder.enter('launch_guest');
  execution.observer.onLog(`[pikaci] going on with the command in instance ${instance.name}`);
  const state = await client.instances.getState(instance.name);
  // For the record alone: the command has what it needs.
  const devices = await jobDevices(execution, config.instance, context.project);
  const mounts = devices.ok ? devices.value.mounts : [];
  const running = {
    ...context,
    image: { alias, fingerprint: instance.config['volatile.base_image'] ?? null },
    // The command was given its secrets when it was started.
    execution: { ...execution, secrets: [] },
    recorder,
    instance: instance.name,
    pid: state.ok ? state.value.pid : null,
  };
  const ran = await completeCommand(running, mounts, true);
  const ended = await services.stop();
  if (ran.isLost && !execution.signal.aborted) return null;
  const { released, keptUntil, notes } = await end(ran.verdict);
  const all = { ...ran, released, keptUntil, notes: [...ran.notes, ...notes] };
  return jobOutcome(running, withServices(all, ended), mounts, startedAt);
}
