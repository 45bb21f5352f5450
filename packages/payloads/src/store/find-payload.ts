import {
  fail,
  ok,
  payloadRecordCodec,
  type Outcome,
  type PayloadRecord,
  type PreparedPayload,
  type PreparePayloadRequest,
} from '@pikaci/model';
import { payloadLayout } from '@pikaci/paths';
import { lstat, readFile, realpath, utimes } from 'node:fs/promises';

/** Who asks, and under which names the payload is to be used. */
export type PayloadNames = Pick<PreparePayloadRequest, 'payloadId' | 'devicePrefix'>;

/** A payload of the store by its key, without a look at its files; null when there is none. */
export async function findPayload(
  stateRoot: string,
  contentKey: string,
  names: PayloadNames,
): Promise<Outcome<PreparedPayload | null>> {
  const { dir, outputDir, recordFile } = payloadLayout(stateRoot, contentKey);
  if ((await lstat(dir).catch(() => null)) === null) return ok(null);
  const record = await readRecord(recordFile);
  if (!record.ok) return damaged(dir, record.error.reason ?? record.error.message);
  const storePath = await realpath(outputDir).catch(() => null);
  if (storePath === null) return damaged(dir, 'its output is missing');
  // The record's time tells when the payload was last used.
  const now = new Date();
  await utimes(recordFile, now, now).catch(() => undefined);
  return ok(preparedPayload(record.value, names, storePath, true));
}

/** A payload as its users get it. */
export function preparedPayload(
  record: PayloadRecord,
  { payloadId, devicePrefix }: PayloadNames,
  storePath: string,
  reused: boolean,
): PreparedPayload {
  const { contentKey, manifest, sizeBytes } = record;
  return { payloadId, devicePrefix, contentKey, storePath, manifest, reused, sizeBytes };
}

async function readRecord(file: string): Promise<Outcome<PayloadRecord>> {
  try {
    return payloadRecordCodec.decode(JSON.parse(await readFile(file, 'utf8')), file);
  } catch (error) {
    return fail('infrastructure', `The record ${file} cannot be read`, { reason: String(error) });
  }
}

function damaged(dir: string, reason: string): ReturnType<typeof fail> {
  return fail('infrastructure', `The payload ${dir} is damaged`, {
    location: { file: dir },
    reason,
    hint: 'Remove the directory when no job uses it; the payload is built again.',
  });
}
