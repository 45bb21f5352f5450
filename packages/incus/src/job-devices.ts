import type { Devices, InstanceType } from '@pikaci/incus-client';
import {
  fail,
  localHost,
  ok,
  type HostContext,
  type JobExecution,
  type Outcome,
} from '@pikaci/model';
import {
  canonicalSources,
  jobMounts,
  resolveEntrypointReferences,
  stagedPayloadSourceRoot,
  type JobMount,
  type PayloadOfMounts,
} from '@pikaci/paths';
import { realpath, stat } from 'node:fs/promises';
import { configureIncusDevices, type SourceKinds } from './disk-devices.js';
import type { IncusProject } from './incus-project.js';
import { networkMasks } from './network-masks.js';
import { mountPlace } from './prepare-guest.js';
import type { StartJobContext } from './run-job.js';

/** The mounts of a job, the devices that carry them, and the command that finds its programs in them. */
export interface JobDevices {
  readonly mounts: readonly JobMount[];
  readonly devices: Devices;
  /** With its references to entry points resolved. */
  readonly command: string;
}

/** Resolves where every staged payload really is, and makes the instance's devices from that. */
export async function jobDevices(
  { job, payloads }: Pick<JobExecution, 'job' | 'payloads'>,
  instance: InstanceType,
  project: IncusProject,
): Promise<Outcome<JobDevices>> {
  const snapshot = await canonicalPath(job.hostContext.workspaceSnapshotDir, 'snapshot');
  if (!snapshot.ok) return snapshot;
  const context = { ...job.hostContext, workspaceSnapshotDir: snapshot.value };
  const staged = await stagedPayloads(context);
  if (!staged.ok) return staged;
  const declared = jobMounts(job.id, payloads, staged.value);
  if (!declared.ok) return declared;
  const mounts = await canonicalSources(declared.value, (path) => canonicalPath(path));
  if (!mounts.ok) return mounts;
  const command = resolveEntrypointReferences(
    job.command,
    payloads,
    mounts.value.map((mount) => ({ ...mount, path: mountPlace(mount, context.workspaceMode) })),
  );
  if (!command.ok) return command;
  const sources = await sourceKinds(mounts.value);
  if (!sources.ok) return sources;
  const devices = configureIncusDevices(context, mounts.value, sources.value, instance, project);
  if (!devices.ok) return devices;
  return ok({ mounts: mounts.value, devices: devices.value, command: command.value });
}

/**
 * Snapshot and payloads; for a job without network what takes away that of the profiles, and in any case what is added
 * to that.
 */
export async function allDevices(
  job: Pick<StartJobContext, 'client' | 'config' | 'place' | 'project'> & {
    readonly execution: Pick<JobExecution, 'job' | 'payloads'>;
  },
  added: Devices,
): Promise<Outcome<JobDevices>> {
  const { client, config, place, project, execution } = job;
  const devices = await jobDevices(execution, config.instance, project);
  if (!devices.ok) return devices;
  const isOffline = execution.job.network === 'none';
  const masks = isOffline ? await networkMasks(client, config.profiles, place) : ok({});
  if (!masks.ok) return masks;
  return ok({
    ...devices.value,
    devices: { ...devices.value.devices, ...masks.value, ...added },
  });
}

async function stagedPayloads(context: HostContext): Promise<Outcome<readonly PayloadOfMounts[]>> {
  const staged: PayloadOfMounts[] = [];
  for (const { localMountPath, devicePrefix, mode } of context.stagedPayloadMounts) {
    const place = {
      localMountPath,
      localJobDir: context.jobDir,
      remoteJobDir: context.jobDir,
      host: localHost,
    };
    const sourceRoot = await stagedPayloadSourceRoot(place, (path) => canonicalPath(path));
    if (!sourceRoot.ok) return sourceRoot;
    staged.push({ devicePrefix, mode, sourceRoot: sourceRoot.value });
  }
  return ok(staged);
}

async function canonicalPath(path: string, what = 'staged payload'): Promise<Outcome<string>> {
  try {
    return ok(await realpath(path));
  } catch (error) {
    return fail('infrastructure', `The ${what} ${path} is gone`, {
      reason: String(error),
      hint: 'It went away during the run: run again, and keep the state root untouched meanwhile.',
    });
  }
}

async function sourceKinds(mounts: readonly JobMount[]): Promise<Outcome<SourceKinds>> {
  const kinds = new Map<string, 'directory' | 'file'>();
  for (const { source, name, payloadId } of mounts) {
    try {
      kinds.set(source, (await stat(source)).isDirectory() ? 'directory' : 'file');
    } catch (error) {
      return fail(
        'infrastructure',
        `The source of mount "${name}" of payload "${payloadId}" is gone`,
        { reason: String(error), hint: 'Run again; the payload will be built anew.' },
      );
    }
  }
  return ok(kinds);
}
