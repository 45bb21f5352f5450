import type { Devices, InstanceType } from '@pikaci/incus-client';
import { fail, localHost, ok, type JobExecution, type Outcome } from '@pikaci/model';
import { jobMounts, stagedPayloadSourceRoot, type JobMount } from '@pikaci/paths';
import { realpath, stat } from 'node:fs/promises';
import { configureIncusDevices, type SourceKinds } from './disk-devices.js';

/** The mounts of a job and the devices that carry them. */
export interface JobDevices {
  readonly mounts: readonly JobMount[];
  readonly devices: Devices;
}

/** Resolves where every staged payload really is, and makes the instance's devices from that. */
export async function jobDevices(
  { job, payloads }: Pick<JobExecution, 'job' | 'payloads'>,
  instance: InstanceType,
): Promise<Outcome<JobDevices>> {
  const context = job.hostContext;
  const roots: string[] = [];
  for (const { localMountPath } of context.stagedPayloadMounts) {
    const root = await stagedPayloadSourceRoot(
      {
        localMountPath,
        localJobDir: context.jobDir,
        remoteJobDir: context.jobDir,
        host: localHost,
      },
      canonicalPath,
    );
    if (!root.ok) return root;
    roots.push(root.value);
  }
  const mounts = jobMounts(job.id, payloads, roots);
  if (!mounts.ok) return mounts;
  const sources = await sourceKinds(mounts.value);
  if (!sources.ok) return sources;
  const devices = configureIncusDevices(context, mounts.value, sources.value, instance);
  return devices.ok ? ok({ mounts: mounts.value, devices: devices.value }) : devices;
}

async function canonicalPath(path: string): Promise<Outcome<string>> {
  try {
    return ok(await realpath(path));
  } catch (error) {
    return fail('infrastructure', `The staged payload ${path} cannot be found`, {
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
