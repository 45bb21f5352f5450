import { flushDirectory } from '@pikaci/host';
import type { PayloadRecord, PreparedPayload } from '@pikaci/model';
import { payloadLayout, payloadsDirectory } from '@pikaci/paths';
import { lstat, realpath, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { PayloadBuild } from './build-payload.js';
import { preparedPayload } from './find-payload.js';
import { forgetRemoved } from './removed-payloads.js';

/**
 * Gives a payload the name under which it is found. Only the holder of the key's lock comes here and has found no
 * payload, so all that can be in the way is the record of an output that has vanished.
 */
export async function publishPayload(
  { stateRoot, contentKey, request }: PayloadBuild,
  record: PayloadRecord,
  { staging, payloadDir }: { readonly staging: string; readonly payloadDir: string },
): Promise<PreparedPayload> {
  const layout = payloadLayout(stateRoot, contentKey);
  const isTaken = (await lstat(layout.dir).catch(() => null)) !== null;
  if (isTaken) await rename(layout.dir, join(staging, 'vanished'));
  await rename(payloadDir, layout.dir);
  await flushDirectory(payloadsDirectory(stateRoot));
  await forgetRemoved(stateRoot, contentKey);
  const storePath = await realpath(record.externalPath ?? layout.outputDir);
  return preparedPayload(record, request, storePath, false);
}
