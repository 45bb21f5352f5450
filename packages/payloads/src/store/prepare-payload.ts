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
import { identifyPayload, keyOfPayload } from '../key/identify-payload.js';
import {
  decisionPlace,
  readDecision,
  writeDecision,
  type DecisionPlace,
} from '../key/payload-decisions.js';
import { checkExpectedKind } from '../output/expected-kind.js';
import { createPayloadLog } from '../payload-log.js';
import { buildPayload, type PayloadBuild } from './build-payload.js';
import { findPayload } from './find-payload.js';
import { underLease, type Lease } from './leases.js';
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

/** A payload to be looked up in the store. */
type Lookup = Pick<PayloadBuild, 'stateRoot' | 'contentKey' | 'request' | 'log'>;

/** Finds a payload in the store, or builds it. Whatever happens, the store holds it whole or not at all. */
export async function preparePayload(
  settings: PrepareSettings,
  request: PreparePayloadRequest,
): Promise<Outcome<PreparedPayload>> {
  try {
    return await prepare(settings, request);
  } catch (error) {
    const { signal } = request;
    if (signal.aborted && error === signal.reason) return cancelled(request);
    // Errors that are none of the system's are bugs, and thrown on.
    return storeFailure(settings, request, error);
  }
}

async function prepare(
  settings: PrepareSettings,
  request: PreparePayloadRequest,
): Promise<Outcome<PreparedPayload>> {
  if (request.signal.aborted) return cancelled(request);
  const { stateRoot, leases } = settings;
  const identity = await identifyPayload({ ...settings, ...request });
  if (!identity.ok) return identity;
  const { identified, keyInputs } = identity.value;
  const lookup = { stateRoot, request, log: createPayloadLog(request.onLog) };
  const place = { stateRoot, snapshot: request.snapshot, keyInputs };
  const decision = decisionPlace(place, identified.snapshotInputs);
  const remembered = await findRemembered(settings, lookup, decision);
  if (!remembered.ok) return remembered;
  if (remembered.value !== null) return ok(remembered.value);
  const key = await keyOfPayload(identity.value);
  if (!key.ok) return key;
  await settings.onStep('identified');
  const build = { ...settings, ...lookup, ...key.value, identified };
  const done = await underLease({ leases, stateRoot }, build.contentKey, () => findOrBuild(build));
  if (done.ok && decision !== null) await writeDecision(decision, build.contentKey);
  return done;
}

/** Finds a payload by the key that it had the last time, if that is remembered. */
async function findRemembered(
  { leases, stateRoot }: PrepareSettings,
  lookup: Omit<Lookup, 'contentKey'>,
  decision: DecisionPlace | null,
): Promise<Outcome<PreparedPayload | null>> {
  const contentKey = decision === null ? null : await readDecision(decision);
  if (contentKey === null) return ok(null);
  return underLease({ leases, stateRoot }, contentKey, () =>
    findUnlocked({ ...lookup, contentKey }),
  );
}

async function findOrBuild(build: PayloadBuild): Promise<Outcome<PreparedPayload>> {
  await build.onStep('leased');
  const found = await findUnlocked(build);
  if (!found.ok) return found;
  return found.value === null ? buildOnce(build) : ok(found.value);
}

/**
 * A payload that nobody is about to remove. The lease comes first, then the look for a lock, while who collects garbage
 * takes the lock first and then looks for leases: one of the two sees the other.
 */
async function findUnlocked(lookup: Lookup): Promise<Outcome<PreparedPayload | null>> {
  const lockFile = payloadLockFile(lookup.stateRoot, lookup.contentKey);
  const isLocked = (await lstat(lockFile).catch(() => null)) !== null;
  return isLocked ? ok(null) : findReusable(lookup);
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
async function findReusable(lookup: Lookup): Promise<Outcome<PreparedPayload | null>> {
  const { stateRoot, contentKey, request, log } = lookup;
  const found = await findPayload(stateRoot, contentKey, request);
  if (!found.ok) return found;
  const { payloadId, payload } = request;
  switch (found.value.kind) {
    case 'none':
    case 'vanished':
      return ok(null);
    case 'whole': {
      log.line(`payload "${payloadId}" is in the store (${shortKey(lookup)})`);
      const { manifest } = found.value.payload;
      const expected = checkExpectedKind(payloadId, payload.expectKind, manifest);
      return expected.ok ? ok(found.value.payload) : expected;
    }
  }
}

async function buildAloud(build: PayloadBuild): Promise<Outcome<PreparedPayload>> {
  const { log, clock, request } = build;
  const found = await findPayload(build.stateRoot, build.contentKey, request);
  if (found.ok && found.value.kind === 'vanished') {
    log.line(`payload "${request.payloadId}" is gone from ${found.value.externalPath}`);
  }
  log.line(`building payload "${request.payloadId}" (${shortKey(build)})`);
  const startedMs = clock.monotonicMs();
  const built = await buildPayload(build);
  const seconds = ((clock.monotonicMs() - startedMs) / 1000).toFixed(1);
  log.line(`payload "${request.payloadId}" ${built.ok ? 'built' : 'failed'} after ${seconds} s`);
  return built;
}

const shortKey = ({ contentKey }: Lookup) => contentKey.slice(0, 12);

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
  const code = systemErrorCode(error) ?? '';
  // No machine would have room for such a path: it is the payload that is at fault, and stays so.
  if (code === 'ENAMETOOLONG') return { ok: false, error: { ...failed.error, kind: 'payload' } };
  if (!unwritable.has(code)) return failed;
  const hint = 'Choose a directory that can be written with --state-root or PIKACI_STATE_ROOT.';
  return { ok: false, error: { ...failed.error, hint } };
}
