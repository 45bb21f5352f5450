import { acquireLock, sweepStagingDirectories, systemErrorCode, systemFailure } from '@pikaci/host';
import {
  fail,
  ok,
  type BuildRuntime,
  type Clock,
  type KeyInput,
  type Outcome,
  type PreparedPayload,
  type PreparePayloadRequest,
  type RuntimeId,
} from '@pikaci/model';
import { payloadsDirectory } from '@pikaci/paths';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { contentKey } from '../key/content-key.js';
import {
  decisionPlace,
  readDecision,
  writeDecision,
  type DecisionPlace,
} from '../key/payload-decisions.js';
import { commonKeyInputs } from '../key/payload-key-inputs.js';
import { checkExpectedKind } from '../output/expected-kind.js';
import { kindOf } from '../payload-kinds.js';
import { createPayloadLog } from '../payload-log.js';
import { buildPayload, type PayloadBuild } from './build-payload.js';
import { findPayload } from './find-payload.js';

/** What preparing needs beside the request. */
export interface PrepareSettings {
  readonly stateRoot: string;
  readonly clock: Clock;
  /** Such as `linux-x64`: a payload of one platform is of no use on another. */
  readonly platform: string;
  /** Where builds can run. */
  readonly runtimes: ReadonlyMap<RuntimeId, BuildRuntime>;
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
    // Errors that are none of the system's are bugs, and thrown on.
    return storeFailure(settings, request, error);
  }
}

async function prepare(
  settings: PrepareSettings,
  request: PreparePayloadRequest,
): Promise<Outcome<PreparedPayload>> {
  if (request.signal.aborted) return cancelled(request);
  const { payload, dependencies, snapshot } = request;
  const { stateRoot, platform } = settings;
  const identified = await kindOf(payload).identify({ ...settings, ...request });
  if (!identified.ok) return identified;
  const { keyInputs: own, snapshotInputs } = identified.value;
  const keyInputs = [...commonKeyInputs(payload, dependencies, platform), ...own];
  const lookup = { stateRoot, request, log: createPayloadLog(request.onLog) };
  const decision = decisionPlace({ stateRoot, snapshot, keyInputs }, snapshotInputs);
  const remembered = await findRemembered(lookup, decision);
  if (!remembered.ok) return remembered;
  if (remembered.value !== null) return ok(remembered.value);
  const files = snapshotInputs === null ? ok([]) : await snapshotInputs.find();
  if (!files.ok) return files;
  const key = keyOf([...keyInputs, ...files.value]);
  const done = await findOrBuild({ ...settings, ...lookup, ...key, identified: identified.value });
  if (done.ok && decision !== null) await writeDecision(decision, key.contentKey);
  return done;
}

const keyOf = (keyInputs: readonly KeyInput[]) => ({
  keyInputs,
  contentKey: contentKey(keyInputs),
});

/** Finds a payload by the key that it had the last time, if that is remembered. */
async function findRemembered(
  lookup: Omit<Lookup, 'contentKey'>,
  decision: DecisionPlace | null,
): Promise<Outcome<PreparedPayload | null>> {
  const remembered = decision === null ? null : await readDecision(decision);
  return remembered === null ? ok(null) : findReusable({ ...lookup, contentKey: remembered });
}

async function findOrBuild(build: PayloadBuild): Promise<Outcome<PreparedPayload>> {
  const found = await findReusable(build);
  if (!found.ok) return found;
  return found.value === null ? buildOnce(build) : ok(found.value);
}

/** Builds under the key's lock. Who had to wait for it finds the payload that another one has built. */
async function buildOnce(build: PayloadBuild): Promise<Outcome<PreparedPayload>> {
  const { request, log, stateRoot } = build;
  const directory = payloadsDirectory(stateRoot);
  await mkdir(directory, { recursive: true });
  const lock = await acquireLock(join(directory, `.lock-${build.contentKey}`), {
    signal: request.signal,
    onWait: ({ pid }) =>
      log.line(`payload "${request.payloadId}" is being built by process ${pid}: waiting for it`),
  });
  if (!lock.ok) return lock.error.kind === 'cancelled' ? cancelled(request) : lock;
  try {
    await sweepStagingDirectories(directory);
    const found = await findReusable(build);
    if (!found.ok) return found;
    return found.value === null ? await buildAloud(build) : ok(found.value);
  } finally {
    const released = await lock.value.release();
    if (!released.ok) log.line(released.error.message);
  }
}

async function findReusable(lookup: Lookup): Promise<Outcome<PreparedPayload | null>> {
  const { stateRoot, contentKey, request, log } = lookup;
  const found = await findPayload(stateRoot, contentKey, request);
  if (!found.ok || found.value === null) return found;
  log.line(`payload "${request.payloadId}" is in the store (${shortKey(lookup)})`);
  const { payloadId, payload } = request;
  const expected = checkExpectedKind(payloadId, payload.expectKind, found.value.manifest);
  return expected.ok ? found : expected;
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
  if (!unwritable.has(systemErrorCode(error) ?? '')) return failed;
  const hint = 'Choose a directory that can be written with --state-root or PIKACI_STATE_ROOT.';
  return { ok: false, error: { ...failed.error, hint } };
}
