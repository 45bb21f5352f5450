import {
  fail,
  ok,
  type Outcome,
  type PayloadRecord,
  type PreparedPayload,
  type PreparePayloadRequest,
} from '@pikaci/model';
import { payloadLayout } from '@pikaci/paths';
import { lstat, realpath, utimes } from 'node:fs/promises';
import { readPayloadRecord } from './payload-record-file.js';

/** Who asks, and under which names the payload is to be used. */
export type PayloadNames = Pick<PreparePayloadRequest, 'payloadId' | 'devicePrefix'>;

/** What the store has under a key. */
export type FoundPayload =
  | { readonly kind: 'none' }
  | { readonly kind: 'whole'; readonly payload: PreparedPayload }
  /** Its output lay outside of the store, and is no longer there. */
  | { readonly kind: 'vanished'; readonly externalPath: string };

/** A payload of the store by its key, without a look at its files. */
export async function findPayload(
  stateRoot: string,
  contentKey: string,
  names: PayloadNames,
): Promise<Outcome<FoundPayload>> {
  const { dir, outputDir, recordFile } = payloadLayout(stateRoot, contentKey);
  // The record first: where it can be read there is nothing else to look at.
  const record = await readPayloadRecord(recordFile);
  if (!record.ok) {
    const isThere = (await lstat(dir).catch(() => null)) !== null;
    if (!isThere) return ok({ kind: 'none' });
    return damagedPayload(dir, record.error.reason ?? record.error.message);
  }
  const { externalPath } = record.value;
  const storePath = await realpath(externalPath ?? outputDir).catch(() => null);
  if (storePath === null) {
    return externalPath === null
      ? damagedPayload(dir, 'its output is missing')
      : ok({ kind: 'vanished', externalPath });
  }
  // The record's time tells when the payload was last used.
  const now = new Date();
  await utimes(recordFile, now, now).catch(() => undefined);
  return ok({ kind: 'whole', payload: preparedPayload(record.value, names, storePath, true) });
}

/** A payload as its users get it. */
export function preparedPayload(
  record: PayloadRecord,
  { payloadId, devicePrefix }: PayloadNames,
  storePath: string,
  reused: boolean,
): PreparedPayload {
  const { contentKey, manifest, sizeBytes, buildMs } = record;
  return { payloadId, devicePrefix, contentKey, storePath, manifest, reused, sizeBytes, buildMs };
}

/** The failure of whoever asks for a payload of which a part is missing or cannot be read. */
export function damagedPayload(dir: string, reason: string): ReturnType<typeof fail> {
  return fail('infrastructure', `The payload ${dir} is damaged`, {
    location: { file: dir },
    reason,
    hint: 'Remove it with npx pikaci payload verify --remove; the payload is built again.',
  });
}
