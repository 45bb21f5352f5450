import { acquireLock, systemErrorCode, systemFailure } from '@pikaci/host';
import {
  fail,
  ok,
  type BuildRuntime,
  type Clock,
  type Outcome,
  type PreparedPayload,
  type PreparePayloadRequest,
  type RuntimeId,
} from '@pikaci/model';
import { payloadLockFile, payloadsDirectory } from '@pikaci/paths';
import { lstat, mkdir } from 'node:fs/promises';
import { contentKey } from '../key/content-key.js';
import { commonKeyInputs } from '../key/payload-key-inputs.js';
import { kindOf } from '../payload-kinds.js';
import { createPayloadLog } from '../payload-log.js';
import { buildPayload, type PayloadBuild } from './build-payload.js';
import { findPayload } from './find-payload.js';
import { takeLease, type Lease } from './leases.js';
import type { OnPayloadStep } from './payload-steps.js';
import { sweepLeftovers } from './sweep-leftovers.js';

/** What preparing needs beside the request. */
export interface PrepareSettings {
  readonly stateRoot: string;
  readonly clock: Clock;
  /** Such as `linux-x64`: a payload of one platform is of no use on another. */
  readonly platform: string;
  /** Where builds can run. */
  readonly runtimes: ReadonlyMap<RuntimeId, BuildRuntime>;
  readonly onStep: OnPayloadStep;
  /** Gets the lease of each payload that was prepared; they hold until somebody releases them. */
  readonly leases: Set<Lease>;
}

/** Finds a payload in the store, or builds it. Whatever happens, the store holds it whole or not at all. */
export async function preparePayload(
  settings: PrepareSettings,
  request: PreparePayloadRequest,
): Promise<Outcome<PreparedPayload>> {
  try {
    return await prepare(settings, request);
  } catch (error) {
    // Errors that are none of the system's are bugs, and thrown on.
    return storeFailure(settings, request, error);
  }
}

async function prepare(
  settings: PrepareSettings,
  request: PreparePayloadRequest,
): Promise<Outcome<PreparedPayload>> {
  if (request.signal.aborted) return cancelled(request);
  const identified = await kindOf(request.payload).identify({ ...settings, ...request });
  if (!identified.ok) return identified;
  const { payload, dependencies } = request;
  const keyInputs = [
    ...commonKeyInputs(payload, dependencies, settings.platform),
    ...identified.value.keyInputs,
  ];
  const build: PayloadBuild = {
    ...settings,
    request,
    identified: identified.value,
    keyInputs,
    contentKey: contentKey(keyInputs),
    log: createPayloadLog(request.onLog),
  };
  await settings.onStep('identified');
  return prepareLeased(settings, build);
}

/**
 * First the lease, then the look: who collects garbage takes the lock first and then looks for leases, so one of the
 * two sees the other, and nobody is given a payload that is being removed.
 */
async function prepareLeased(
  { leases }: PrepareSettings,
  build: PayloadBuild,
): Promise<Outcome<PreparedPayload>> {
  const lease = await takeLease(build.stateRoot, build.contentKey);
  leases.add(lease);
  let isPrepared = false;
  try {
    await build.onStep('leased');
    const done = await findOrBuild(build);
    isPrepared = done.ok;
    return done;
  } finally {
    if (!isPrepared) {
      leases.delete(lease);
      await lease.release();
    }
  }
}

async function findOrBuild(build: PayloadBuild): Promise<Outcome<PreparedPayload>> {
  const found = (await isLocked(build)) ? ok(null) : await findReusable(build);
  if (!found.ok) return found;
  return found.value === null ? buildOnce(build) : ok(found.value);
}

async function isLocked({ stateRoot, contentKey }: PayloadBuild): Promise<boolean> {
  return (await lstat(payloadLockFile(stateRoot, contentKey)).catch(() => null)) !== null;
}

/** Builds under the key's lock. Who had to wait for it finds the payload that another one has built. */
async function buildOnce(build: PayloadBuild): Promise<Outcome<PreparedPayload>> {
  const { request, log, stateRoot, contentKey, onStep } = build;
  await mkdir(payloadsDirectory(stateRoot), { recursive: true });
  const lock = await acquireLock(payloadLockFile(stateRoot, contentKey), {
    signal: request.signal,
    onWait: ({ pid }) =>
      log.line(
        `payload "${request.payloadId}" is being built or removed by process ${pid}: waiting for it`,
      ),
  });
  if (!lock.ok) return lock.error.kind === 'cancelled' ? cancelled(request) : lock;
  try {
    await onStep('locked');
    await sweepLeftovers(stateRoot);
    const found = await findReusable(build);
    if (!found.ok) return found;
    return found.value === null ? await buildAloud(build) : ok(found.value);
  } finally {
    const released = await lock.value.release();
    if (!released.ok) log.line(released.error.message);
    await onStep('unlocked');
  }
}

/** The payload, if it is in the store; null when it has to be built. */
async function findReusable(build: PayloadBuild): Promise<Outcome<PreparedPayload | null>> {
  const found = await findPayload(build.stateRoot, build.contentKey, build.request);
  if (!found.ok) return found;
  const name = `payload "${build.request.payloadId}"`;
  switch (found.value.kind) {
    case 'none':
      return ok(null);
    case 'whole':
      build.log.line(`${name} is in the store (${shortKey(build)})`);
      return ok(found.value.payload);
    case 'vanished':
      build.log.line(`${name} is gone from ${found.value.externalPath}`);
      return ok(null);
  }
}

async function buildAloud(build: PayloadBuild): Promise<Outcome<PreparedPayload>> {
  const { log, clock, request } = build;
  log.line(`building payload "${request.payloadId}" (${shortKey(build)})`);
  const startedMs = clock.monotonicMs();
  const built = await buildPayload(build);
  const seconds = ((clock.monotonicMs() - startedMs) / 1000).toFixed(1);
  log.line(`payload "${request.payloadId}" ${built.ok ? 'built' : 'failed'} after ${seconds} s`);
  return built;
}

const shortKey = (build: PayloadBuild) => build.contentKey.slice(0, 12);

function cancelled(request: PreparePayloadRequest): ReturnType<typeof fail> {
  return fail('cancelled', `Preparing payload "${request.payloadId}" was cancelled`);
}

const unwritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

function storeFailure(
  { stateRoot }: PrepareSettings,
  { payloadId }: PreparePayloadRequest,
  error: unknown,
): ReturnType<typeof fail> {
  const failed = systemFailure(`Payload "${payloadId}" could not be stored in ${stateRoot}`, error);
  if (!unwritable.has(systemErrorCode(error) ?? '')) return failed;
  const hint = 'Choose a directory that can be written with --state-root or PIKACI_STATE_ROOT.';
  return { ok: false, error: { ...failed.error, hint } };
}
