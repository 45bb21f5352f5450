import {
  fail,
  ok,
  type HostContext,
  type JobConfig,
  type Outcome,
  type PayloadMode,
  type PikaciConfig,
  type RuntimeId,
  type Snapshot,
  type StagedPayloadMount,
} from '@pikaci/model';
import { isWithin, jobLayout, relativePathProblem, type RunLayout } from '@pikaci/paths';
import { join, relative } from 'node:path';
import { devicePrefixOf } from './payload-nodes.js';

/** What a job's paths are derived from. */
export interface HostContextInput {
  readonly config: PikaciConfig;
  readonly jobId: string;
  readonly job: JobConfig;
  readonly runtime: RuntimeId;
  readonly layout: RunLayout;
  readonly snapshot: Pick<Snapshot, 'dir' | 'hash' | 'sourceRoot'>;
}

/** A payload that a job mounts, and what the job may do with it. */
export interface PayloadOfJob {
  readonly payloadId: string;
  readonly mode: PayloadMode;
}

/** The payloads a job mounts on its runtime, in declared order. */
export function payloadsOfJob(job: JobConfig, runtime: RuntimeId): readonly PayloadOfJob[] {
  return job.payloads.flatMap((entry) => {
    if (typeof entry === 'string') return [{ payloadId: entry, mode: 'read-only' as const }];
    if (entry.runtime !== undefined && entry.runtime !== runtime) return [];
    return [{ payloadId: entry.payload, mode: entry.mode }];
  });
}

/** All host-side paths of one job. */
export function hostContext(input: HostContextInput): Outcome<HostContext> {
  const { config, job, jobId, layout, snapshot } = input;
  const places = jobLayout(layout, jobId);
  const mounts = stagedMounts(input, places.jobDir);
  if (!mounts.ok) return mounts;
  const workspaceMode = job.workspace ?? config.defaults.workspace;
  return ok({
    sourceRoot: snapshot.sourceRoot,
    workspaceSnapshotDir: snapshot.dir,
    workspaceSnapshotHash: snapshot.hash,
    workspaceMode,
    workspaceReadOnly: workspaceMode === 'read-only',
    jobDir: places.jobDir,
    artifactsDir: places.artifactsDir,
    hostLogPath: places.hostLog,
    guestLogPath: places.guestLog,
    stagedPayloadMounts: mounts.value,
    sharedCaches: [],
  });
}

function stagedMounts(
  input: HostContextInput,
  jobDir: string,
): Outcome<readonly StagedPayloadMount[]> {
  const mounts: StagedPayloadMount[] = [];
  for (const { payloadId, mode } of payloadsOfJob(input.job, input.runtime)) {
    const payload = input.config.payloads[payloadId];
    if (payload === undefined) continue;
    const stageAt = payload.stageAt ?? `staged/${payloadId}`;
    const problem = relativePathProblem(stageAt);
    if (problem !== null) {
      return fail('config', `The stageAt "${stageAt}" of payload "${payloadId}" ${problem}`, {
        hint: 'Give a path below the job directory, such as staged/deps.',
      });
    }
    const mount = {
      localMountPath: join(jobDir, stageAt),
      devicePrefix: devicePrefixOf(payloadId, payload),
      mode,
    };
    const clash = mounts.find(
      (other) =>
        other.localMountPath === mount.localMountPath || other.devicePrefix === mount.devicePrefix,
    );
    if (clash !== undefined) {
      return fail(
        'config',
        `Two payloads of job "${input.jobId}" have the device prefix "${mount.devicePrefix}" or the place ${stageAt}`,
        { hint: 'Give one of them another devicePrefix and another stageAt.' },
      );
    }
    const nested = mounts.find((other) => isNested(other.localMountPath, mount.localMountPath));
    if (nested !== undefined) {
      return fail(
        'config',
        `A payload of job "${input.jobId}" would be staged inside another one: ${stageAt} and ${relative(jobDir, nested.localMountPath)}`,
        { hint: 'Give one of them a stageAt that is not below the other one.' },
      );
    }
    mounts.push(mount);
  }
  return ok(mounts);
}

/** True when one lies below the other. A staged payload is a link into the store: what is put below it lands there. */
function isNested(a: string, b: string): boolean {
  return isWithin(a, b) || isWithin(b, a);
}
