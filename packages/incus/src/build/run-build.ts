import {
  makeMountPoint,
  removeMountPoint,
  systemFailure,
  type FileOwner,
  type MountPoint,
} from '@pikaci/host';
import type { IncusClient, InstanceSpec } from '@pikaci/incus-client';
import {
  err,
  fail,
  failure,
  ok,
  type BuildCommand,
  type BuildEnd,
  type Clock,
  type Failure,
  type IncusRuntimeConfig,
  type Outcome,
  type ProcessOwner,
} from '@pikaci/model';
import { dependencyMounts, instanceName, type JobMount } from '@pikaci/paths';
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { IncusPlace } from '../incus-failure.js';
import type { ResolvedImage } from '../incus-connection.js';
import { runInstanceSpec } from '../instance-spec.js';
import { createPhaseRecorder } from '../phase-recorder.js';
import { beginProvisioning, type Provisioning } from '../provisioning.js';
import { startInstance } from '../start-instance.js';
import { buildDevices } from './build-devices.js';
import { runInGuest } from './run-in-guest.js';
import { settleBuild } from './settle-build.js';

/** What all builds of one run share. */
export interface GuestBuildContext {
  readonly client: IncusClient;
  readonly config: IncusRuntimeConfig;
  readonly place: IncusPlace;
  readonly image: ResolvedImage;
  readonly runId: string;
  readonly stateRoot: string;
  readonly clock: Clock;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Between the request to end and the end by the guest itself, in seconds. */
  readonly graceSeconds: number;
  /** How much later than the guest the host gives a command up, in ms. */
  readonly slackMs: number;
  readonly forgetImage: () => void;
  /** Whom instances are marked with. */
  readonly processOwner: () => Promise<ProcessOwner>;
  /** Who is to own what builds write. */
  readonly owner: FileOwner;
}

const cancelledEnd: BuildEnd = { ending: 'cancelled', exitCode: null, signal: null };

/** Runs the command of a build in an instance of its own, which is gone when this returns. */
export async function runGuestBuild(
  context: GuestBuildContext,
  build: BuildCommand,
): Promise<Outcome<BuildEnd>> {
  if (build.signal.aborted) return ok(cancelledEnd);
  try {
    const mounts = dependencyMounts(build.payloadId, build.dependencies);
    if (!mounts.ok) return mounts;
    const points = await makePoints(build, mounts.value, context.config);
    if (!points.ok) return points;
    const ran = await inInstance(context, build, mounts.value);
    for (const point of points.value.toReversed()) {
      const removed = await removeMountPoint(point);
      if (!removed.ok) return removed;
    }
    return ran;
  } catch (error) {
    return systemFailure(`The build of payload "${build.payloadId}" could not be run`, error);
  }
}

/** The places in the build directory: what they hold is no part of the build, so that they are taken out again. */
async function makePoints(
  { workDir }: BuildCommand,
  mounts: readonly JobMount[],
  { instance }: IncusRuntimeConfig,
): Promise<Outcome<readonly MountPoint[]>> {
  const points: MountPoint[] = [];
  for (const { source, workspacePath, name, payloadId } of mounts) {
    const isDirectory = (await stat(source)).isDirectory();
    if (!isDirectory && instance === 'virtual-machine') {
      const message = `A virtual machine cannot mount the single file ${source} (mount "${name}" of payload "${payloadId}")`;
      return fail('config', message, { hint: 'Mount the directory that holds it.' });
    }
    if (workspacePath === null) continue;
    const point = await makeMountPoint(workDir, workspacePath, isDirectory ? 'directory' : 'file');
    if (!point.ok) return point;
    points.push(point.value);
  }
  return ok(points);
}

async function inInstance(
  context: GuestBuildContext,
  build: BuildCommand,
  mounts: readonly JobMount[],
): Promise<Outcome<BuildEnd>> {
  const { client, place, pause, runId, forgetImage: onImageMissing } = context;
  const devices = buildDevices(build, mounts, context.config.instance);
  if (!devices.ok) return devices;
  const owner = await context.processOwner();
  const spec = buildInstanceSpec(context, build.payloadId, devices.value, owner);
  const { alias, fingerprint } = context.image;
  build.onLog(`building in instance ${spec.name} of image ${alias} (${fingerprint.slice(0, 12)})`);
  const recorder = createPhaseRecorder(context.clock, () => undefined);
  const { signal } = build;
  const provisioning = beginProvisioning(context.config.provisionTimeoutSeconds, build.force);
  const start = { client, spec, place, recorder, signal, pause, provisioning, onImageMissing };
  const started = await startInstance(start);
  const owned = {
    name: spec.name,
    runId,
    uuid: started.ok ? started.value.uuid : null,
    mayAppear: !started.ok && started.error.mayAppear,
  };
  const ran = started.ok
    ? await runUnlessCancelled(context, build, mounts, spec.name, provisioning)
    : unlessCancelled(build, err(explained(started.error.failure, context, build.payloadId)));
  const settled = await settleBuild({ client, pause }, owned, build, context.owner);
  return ran.ok && !settled.ok ? settled : ran;
}

async function runUnlessCancelled(
  context: GuestBuildContext,
  build: BuildCommand,
  mounts: readonly JobMount[],
  instance: string,
  provisioning: Provisioning,
): Promise<Outcome<BuildEnd>> {
  if (build.signal.aborted) return ok(cancelledEnd);
  const ran = await runInGuest(context, build, mounts, instance, provisioning);
  return unlessCancelled(build, ran);
}

/** What failed after the request to cancel may have failed because of it. */
function unlessCancelled({ signal }: BuildCommand, ran: Outcome<BuildEnd>): Outcome<BuildEnd> {
  return !ran.ok && signal.aborted ? ok(cancelledEnd) : ran;
}

function buildInstanceSpec(
  context: GuestBuildContext,
  payloadId: string,
  devices: InstanceSpec['devices'] & object,
  owner: ProcessOwner,
): InstanceSpec {
  const { image, runId } = context;
  // A build may be tried again while the instance of an earlier attempt is still there.
  const attempt = randomBytes(4).toString('hex');
  return runInstanceSpec(
    { ...context, fingerprint: image.fingerprint, devices, owner },
    {
      name: instanceName(runId, `build of ${payloadId} ${attempt}`),
      description: `pikaci build of payload ${payloadId}`,
      purpose: { payloadId },
    },
  );
}

/** A project whose disks are restricted to some paths refuses shifted ones, and says so in words of its own. */
function explained(error: Failure, { config }: GuestBuildContext, payloadId: string): Failure {
  if (!/"shift" property cannot be used/.test(error.reason ?? '')) return error;
  const message = `Payload "${payloadId}" cannot be built in a guest of project "${config.project}"`;
  return failure('config', message, {
    location: error.location ?? {},
    reason: `the project sets restricted.devices.disk.paths, which forbids shifted disks: ${error.reason ?? ''}`,
    hint: 'Build it in the runtime "process", or in a project without that setting.',
  });
}
