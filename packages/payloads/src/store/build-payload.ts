import { createStagingDirectory, flushFileSystem, removeTree } from '@pikaci/host';
import {
  fail,
  ok,
  type Clock,
  type KeyInput,
  type Outcome,
  type PreparedPayload,
  type PreparePayloadRequest,
} from '@pikaci/model';
import { payloadLayoutIn, payloadsDirectory } from '@pikaci/paths';
import { chmod, mkdir, realpath, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { IdentifiedPayload } from '../payload-kind.js';
import type { PayloadLog } from '../payload-log.js';
import { describeOutput } from './describe-output.js';
import { writeKeyInputs } from './key-inputs-file.js';
import { writePayloadRecord } from './payload-record-file.js';
import type { OnPayloadStep } from './payload-steps.js';
import { publishPayload } from './publish-payload.js';

/** A payload that is not in the store. */
export interface PayloadBuild {
  readonly request: PreparePayloadRequest;
  readonly identified: IdentifiedPayload;
  readonly keyInputs: readonly KeyInput[];
  readonly contentKey: string;
  readonly stateRoot: string;
  readonly clock: Clock;
  readonly log: PayloadLog;
  readonly onStep: OnPayloadStep;
}

/**
 * Builds a payload in a staging directory, checks it, and renames it into the store. Otherwise nothing of it stays.
 * Only the holder of the key's lock may do so.
 */
export async function buildPayload(build: PayloadBuild): Promise<Outcome<PreparedPayload>> {
  const staging = await createStagingDirectory(payloadsDirectory(build.stateRoot));
  try {
    return await buildIn(staging, build);
  } finally {
    const removed = await removeTree(staging);
    if (!removed.ok) build.log.line(`${removed.error.message}; the next build tries again`);
  }
}

async function buildIn(staging: string, build: PayloadBuild): Promise<Outcome<PreparedPayload>> {
  const startedMs = build.clock.monotonicMs();
  const outputDir = join(staging, 'output');
  const workDir = join(staging, 'build');
  for (const dir of [outputDir, workDir]) {
    await mkdir(dir);
    await chmod(dir, 0o755);
  }
  // Nobody else comes near what a build makes before it has been looked at: it may be setuid.
  await chmod(staging, 0o700);
  const { log, onStep } = build;
  await onStep('staged');
  const { dependencies } = build.request;
  const done = await build.identified.build({ workDir, outputDir, dependencies, log });
  if (!done.ok) return done;
  build.request.signal.throwIfAborted();
  await onStep('built');
  const { externalPath } = done.value;
  const payloadDir = await createStagingDirectory(staging);
  if (externalPath === null) await moveOutput(outputDir, payloadDir);
  await onStep('packaged');
  return recordAndPublish(build, { staging, payloadDir, externalPath, startedMs });
}

/** Moves the output into a directory that no build has seen, so that nothing else comes into the store with it. */
async function moveOutput(outputDir: string, payloadDir: string): Promise<void> {
  // Who moves a directory has to be allowed to write to it.
  await chmod(outputDir, 0o755);
  await rename(outputDir, payloadLayoutIn(payloadDir).outputDir);
}

interface PackagedPayload {
  readonly staging: string;
  readonly payloadDir: string;
  readonly externalPath: string | null;
  /** Monotonic. */
  readonly startedMs: number;
}

async function recordAndPublish(
  build: PayloadBuild,
  { staging, payloadDir, externalPath, startedMs }: PackagedPayload,
): Promise<Outcome<PreparedPayload>> {
  const layout = payloadLayoutIn(payloadDir);
  const root = await realpath(externalPath ?? layout.outputDir).catch(() => null);
  if (root === null) return missingOutput(build, externalPath);
  const record = await describeOutput(build, { root, externalPath, layout, startedMs });
  if (!record.ok) return record;
  await build.onStep('settled');
  await writeKeyInputs(payloadDir, build.keyInputs);
  // The record says that all the rest is there, so the rest has to be on the disk before it.
  await flushFileSystem(payloadDir);
  const written = await writePayloadRecord(layout.recordFile, record.value);
  if (!written.ok) return written;
  await build.onStep('recorded');
  const published = await publishPayload(build, record.value, { staging, payloadDir });
  await build.onStep('published');
  return ok(published);
}

function missingOutput(build: PayloadBuild, path: string | null): ReturnType<typeof fail> {
  const { payloadId } = build.request;
  return fail('payload', `The output of payload "${payloadId}" is not where its build said`, {
    ...(path === null ? {} : { location: { file: path } }),
    reason: 'there is no such path',
  });
}
