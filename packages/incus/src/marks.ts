import type { InstanceConfig } from '@pikaci/incus-client';
import type { ProcessOwner } from '@pikaci/model';
import { z } from 'zod';

/** Keys by which an instance is known as ours: nothing that lacks one of them is ever stopped or deleted. */
export const markKeys = {
  run: 'user.pikaci.run-id',
  job: 'user.pikaci.job-id',
  payload: 'user.pikaci.payload-id',
  attempt: 'user.pikaci.attempt',
  service: 'user.pikaci.service',
  stateRoot: 'user.pikaci.state-root',
  host: 'user.pikaci.host',
  owner: 'user.pikaci.owner',
} as const;

/** Until when an instance is kept that its job left: no sweep removes it before that. */
const keptKey = 'user.pikaci.kept-until';

/** The mark of an instance that is kept. */
export function keptConfig(until: string): InstanceConfig {
  return { [keptKey]: until };
}

/** Until when an instance is kept (RFC 3339); null when it is not, or the mark makes no sense. */
export function keptUntil(config: InstanceConfig): string | null {
  const until = config[keptKey];
  return until === undefined || Number.isNaN(Date.parse(until)) ? null : until;
}

/** What an instance is for: an attempt at a job, or a service of one, or the build of a payload. */
export type InstancePurpose =
  | { readonly jobId: string; readonly attempt: number; readonly service?: string }
  | { readonly payloadId: string };

/** What the marks of an instance say. */
export interface InstanceMarks {
  readonly runId: string;
  readonly stateRoot: string;
  readonly purpose: InstancePurpose;
  /** The process that goes on with the run. */
  readonly owner: ProcessOwner;
}

/** The process that goes on with a run, in the form of marks. */
export const ownerSchema = z.object({
  pid: z.int(),
  host: z.string(),
  bootId: z.string().nullable(),
  startTicks: z.string().nullable(),
});

/** The marks as configuration keys of an instance. */
export function markConfig({ runId, stateRoot, purpose, owner }: InstanceMarks): InstanceConfig {
  return {
    [markKeys.run]: runId,
    ...('jobId' in purpose ? jobConfig(purpose) : { [markKeys.payload]: purpose.payloadId }),
    [markKeys.stateRoot]: stateRoot,
    ...ownerConfig(owner),
  };
}

function jobConfig({ jobId, attempt, service }: Exclude<InstancePurpose, { payloadId: string }>) {
  return {
    [markKeys.job]: jobId,
    [markKeys.attempt]: String(attempt),
    ...(service === undefined ? {} : { [markKeys.service]: service }),
  };
}

/** The marks that tell the owner; they change when another process goes on with a run. */
export function ownerConfig({ pid, host, bootId, startTicks }: ProcessOwner): InstanceConfig {
  const owner = JSON.stringify({ pid, host, bootId, startTicks: startTicks ?? null });
  return { [markKeys.host]: host, [markKeys.owner]: owner };
}

/** Reads the marks of an instance; null when one is missing or makes no sense: then it is not ours. */
export function readMarks(config: InstanceConfig): InstanceMarks | null {
  const runId = config[markKeys.run];
  const stateRoot = config[markKeys.stateRoot];
  const purpose = purposeOf(config);
  const owner = ownerOf(config);
  if (runId === undefined || stateRoot === undefined || purpose === null || owner === null) {
    return null;
  }
  return { runId, stateRoot, purpose, owner };
}

function purposeOf(config: InstanceConfig): InstancePurpose | null {
  const payloadId = config[markKeys.payload];
  if (payloadId !== undefined) return { payloadId };
  const jobId = config[markKeys.job];
  const attempt = config[markKeys.attempt] ?? '';
  if (jobId === undefined || !/^\d+$/.test(attempt)) return null;
  const service = config[markKeys.service];
  return { jobId, attempt: Number(attempt), ...(service === undefined ? {} : { service }) };
}

function ownerOf(config: InstanceConfig): ProcessOwner | null {
  try {
    const owner = ownerSchema.parse(JSON.parse(config[markKeys.owner] ?? ''));
    return owner.host === config[markKeys.host] ? owner : null;
  } catch {
    return null;
  }
}
