import { createStagingDirectory, removeTree, writeFileAtomically } from '@pikaci/host';
import {
  formatTimestamp,
  ok,
  payloadRecordCodec,
  type Clock,
  type Outcome,
  type PayloadRecord,
  type PreparedPayload,
  type PreparePayloadRequest,
} from '@pikaci/model';
import { payloadLayout, payloadsDirectory } from '@pikaci/paths';
import { chmod, mkdir, realpath, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyInput } from '@pikaci/model';
import { builderVersion } from '../key/content-key.js';
import { manifestOfOutput } from '../output/payload-manifest-source.js';
import { settleOutput } from '../output/settle-output.js';
import type { IdentifiedPayload } from '../payload-kind.js';
import { kindOf } from '../payload-kinds.js';
import type { PayloadLog } from '../payload-log.js';
import { preparedPayload } from './find-payload.js';
import { writeKeyInputs } from './key-inputs-file.js';

/** A payload that is not in the store. */
export interface PayloadBuild {
  readonly request: PreparePayloadRequest;
  readonly identified: IdentifiedPayload;
  readonly keyInputs: readonly KeyInput[];
  readonly contentKey: string;
  readonly stateRoot: string;
  readonly clock: Clock;
  readonly log: PayloadLog;
}

/** Builds a payload in a staging directory, checks it, and renames it into the store. Otherwise nothing of it stays. */
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
  const outputDir = join(staging, 'output');
  const workDir = join(staging, 'build');
  for (const dir of [outputDir, workDir]) {
    await mkdir(dir);
    await chmod(dir, 0o755);
  }
  // Nobody else comes near what a build makes before it has been looked at: it may be setuid.
  await chmod(staging, 0o700);
  const { log } = build;
  const { dependencies } = build.request;
  const done = await build.identified.build({ workDir, outputDir, dependencies, log });
  if (!done.ok) return done;
  const payloadDir = await packageOutput(staging, outputDir);
  const record = await inspect(build, join(payloadDir, 'output'));
  if (!record.ok) return record;
  await writeKeyInputs(payloadDir, build.keyInputs);
  const text = `${JSON.stringify(payloadRecordCodec.encode(record.value), null, 2)}\n`;
  const written = await writeFileAtomically(join(payloadDir, 'payload.json'), text);
  if (!written.ok) return written;
  const layout = payloadLayout(build.stateRoot, build.contentKey);
  // Only the holder of the key's lock comes here, so nothing can be in the way.
  await rename(payloadDir, layout.dir);
  const storePath = await realpath(layout.outputDir);
  return ok(preparedPayload(record.value, build.request, storePath, false));
}

/** Moves the output into a directory that no build has seen, so that nothing else comes into the store with it. */
async function packageOutput(staging: string, outputDir: string): Promise<string> {
  const payloadDir = await createStagingDirectory(staging);
  // Who moves a directory has to be allowed to write to it.
  await chmod(outputDir, 0o755);
  await rename(outputDir, join(payloadDir, 'output'));
  return payloadDir;
}

async function inspect(build: PayloadBuild, outputDir: string): Promise<Outcome<PayloadRecord>> {
  const { payloadId, payload } = build.request;
  const size = await settleOutput(payloadId, outputDir);
  if (!size.ok) return size;
  const kind = kindOf(payload).manifestKind;
  const found = await manifestOfOutput(payloadId, payload, kind, outputDir);
  if (!found.ok) return found;
  return ok({
    schemaVersion: 1,
    payloadId,
    kind: payload.kind,
    contentKey: build.contentKey,
    manifestSource: found.value.source,
    manifest: found.value.manifest,
    digest: null,
    externalPath: null,
    ...size.value,
    builtBy: builderVersion,
    builtAt: formatTimestamp(build.clock.now()),
  });
}
