import { formatTimestamp, ok, type Outcome, type PayloadRecord } from '@pikaci/model';
import type { PayloadLayout } from '@pikaci/paths';
import { writeEntriesFile } from '../digest/entries-file.js';
import { builderVersion } from '../key/content-key.js';
import { measureOutput } from '../output/measure-output.js';
import { manifestOfOutput } from '../output/payload-manifest-source.js';
import { settleOutput } from '../output/settle-output.js';
import { kindOf } from '../payload-kinds.js';
import type { PayloadBuild } from './build-payload.js';

/** An output, and where what is known of it is written. */
export interface OutputPlace {
  /** Canonical path. */
  readonly root: string;
  /** Null when the output is the store's own. */
  readonly externalPath: string | null;
  readonly layout: PayloadLayout;
  /** Monotonic time at which its build began. */
  readonly startedMs: number;
}

/**
 * Checks an output and tells all that its record holds. One of the store's own gets the modes it needs; one that lies
 * elsewhere is only looked at.
 *
 * @throws the reason of the request's signal when it is raised before the end
 */
export async function describeOutput(
  build: PayloadBuild,
  { root, externalPath, layout, startedMs }: OutputPlace,
): Promise<Outcome<PayloadRecord>> {
  const { payloadId, payload, signal } = build.request;
  const look = externalPath === null ? settleOutput : measureOutput;
  const size = await look(payloadId, root, signal);
  if (!size.ok) return size;
  const found = await manifestOfOutput(payloadId, payload, kindOf(payload).manifestKind, root);
  if (!found.ok) return found;
  return ok({
    schemaVersion: 1,
    payloadId,
    kind: payload.kind,
    contentKey: build.contentKey,
    manifestSource: found.value.source,
    manifest: found.value.manifest,
    digest: await writeEntriesFile(root, layout.entriesFile, signal),
    externalPath,
    ...size.value,
    builtBy: builderVersion,
    builtAt: formatTimestamp(build.clock.now()),
    buildMs: Math.max(0, Math.round(build.clock.monotonicMs() - startedMs)),
  });
}
