import { randomBytes } from 'node:crypto';
import type { InstanceSpec } from '@pikaci/incus-client';
import { fail, ok, type Outcome, type ShellEnd, type ShellRequest } from '@pikaci/model';
import { instanceName } from '@pikaci/paths';
import { jobInstanceSpec } from '../instance-spec.js';
import { allDevices, type JobDevices } from '../job-devices.js';
import { createPhaseRecorder } from '../phase-recorder.js';
import { prepareGuest } from '../prepare-guest.js';
import { beginProvisioning, type Provisioning } from '../provisioning.js';
import { jobUser } from '../run-command.js';
import type { StartJobContext } from '../run-job.js';
import { startInstance } from '../start-instance.js';
import { useShell } from './use-shell.js';

/**
 * Opens a shell in an instance that is made as that of the job was. It is marked with the process which opened it, so
 * that a sweep leaves it alone as long as that lives, and it is on its way out when this returns.
 */
export async function openShell(
  request: ShellRequest,
  context: StartJobContext,
): Promise<Outcome<ShellEnd>> {
  const devices = await allDevices({ ...context, execution: request }, {});
  if (!devices.ok) return devices;
  const name = shellInstanceName(request);
  const provisioning = beginProvisioning(context.config.provisionTimeoutSeconds, request.signal);
  const { client, place, pause, forgetImage } = context;
  const started = await startInstance({
    client,
    place,
    pause,
    provisioning,
    spec: shellSpec(request, context, devices.value, name),
    recorder: createPhaseRecorder(context.clock, () => undefined),
    signal: request.signal,
    onImageMissing: forgetImage,
  });
  const uuid = started.ok ? started.value.uuid : null;
  const mayAppear = !started.ok && started.error.mayAppear;
  try {
    if (request.signal.aborted) return fail('cancelled', 'The shell was not opened');
    if (!started.ok) return { ok: false, error: started.error.failure };
    return await inInstance(request, context, devices.value, { name, provisioning });
  } finally {
    void context.discard({ name, runId: request.runId, uuid, mayAppear });
  }
}

/** Another name for each shell, and none of a job: that may be still there. */
function shellInstanceName({ runId, job, attempt }: ShellRequest): string {
  return instanceName(runId, `${job.id}~shell-${randomBytes(8).toString('hex')}`, attempt);
}

function shellSpec(
  { runId, job, attempt }: ShellRequest,
  { stateRoot, image, config, owner }: StartJobContext,
  { devices }: JobDevices,
  name: string,
): InstanceSpec {
  const spec = jobInstanceSpec({
    runId,
    jobId: job.id,
    attempt,
    limits: job.limits,
    stateRoot,
    fingerprint: image.fingerprint,
    devices,
    config,
    owner,
  });
  return { ...spec, name, description: `pikaci shell in job ${job.id}` };
}

async function inInstance(
  request: ShellRequest,
  context: StartJobContext,
  { mounts, command }: JobDevices,
  instance: { readonly name: string; readonly provisioning: Provisioning },
): Promise<Outcome<ShellEnd>> {
  const { job, secrets } = request;
  const { client, project } = context;
  const place = { ...context.place, instance: instance.name };
  const ready = await prepareGuest({
    client,
    place,
    mode: job.hostContext.workspaceMode,
    mounts,
    command,
    ...jobUser(job.user),
    limits: { timeoutSeconds: job.timeoutSeconds, graceSeconds: job.cancelGraceSeconds },
    network: job.network,
    secrets,
    copies: project.refusesShift,
    provisioning: instance.provisioning,
  });
  if (!ready.ok)
    return request.signal.aborted ? fail('cancelled', 'The shell was not opened') : ready;
  const ended = await useShell({ client, place, request, mounts, jobCommand: command });
  return ended.ok ? ok({ exitCode: ended.value, left: [] }) : ended;
}
