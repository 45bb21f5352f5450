import { isNotFound, type IncusClient, type IncusResult } from '@pikaci/incus-client';
import { ok } from '@pikaci/model';
import { z } from 'zod';

/** What a project allows its instances, as far as it matters here. */
export interface IncusProject {
  /** Disks from the host may not be shifted: guest root owns none of their files then. */
  readonly refusesShift: boolean;
  /** Instances may not be connected to sockets of the host, or each other by them. */
  readonly refusesProxies: boolean;
}

const projectSchema = z.object({ config: z.record(z.string(), z.string()) });

/** Reads a project. One that cannot be seen is taken for unrestricted: Incus itself refuses what it does not allow. */
export async function readProject(
  client: IncusClient,
  name: string,
): Promise<IncusResult<IncusProject>> {
  const read = await client.get(`/1.0/projects/${encodeURIComponent(name)}`, projectSchema);
  if (read.ok) return ok(projectOf(read.value.config));
  const unseen = isNotFound(read.error) || (read.error.kind === 'api' && read.error.status === 403);
  return unseen ? ok({ refusesShift: false, refusesProxies: false }) : read;
}

/** Measured: it is not the restriction of the project that forbids shifting, but that of the paths. */
function projectOf(config: Readonly<Record<string, string>>): IncusProject {
  const isRestricted = config['restricted'] === 'true';
  return {
    refusesShift: isRestricted && (config['restricted.devices.disk.paths'] ?? '') !== '',
    // What is not said is "block".
    refusesProxies: isRestricted && config['restricted.devices.proxy'] !== 'allow',
  };
}
