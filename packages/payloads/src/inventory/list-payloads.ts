import {
  formatTimestamp,
  type DamagedPayload,
  type PayloadInventory,
  type PayloadUser,
  type StoredPayload,
} from '@pikaci/model';
import { payloadLayout, payloadsDirectory } from '@pikaci/paths';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { payloadUsers } from '../store/leases.js';
import { readPayloadRecord } from '../store/payload-record-file.js';

/** Everything in the store, by the names and records in it: no file of a payload is read. A missing store is an empty one. */
export async function listPayloads(stateRoot: string): Promise<PayloadInventory> {
  const names = await readdir(payloadsDirectory(stateRoot)).catch(() => []);
  const users = await payloadUsers(stateRoot);
  const payloads: StoredPayload[] = [];
  const damaged: DamagedPayload[] = [];
  for (const contentKey of names.filter((name) => !name.startsWith('.'))) {
    const found = await lookAtPayload(stateRoot, contentKey, users.get(contentKey) ?? []);
    if (found === null) continue;
    if ('record' in found) payloads.push(found);
    else damaged.push(found);
  }
  payloads.sort(latestFirst);
  return { payloads, damaged };
}

/** Null when it is no directory, or was removed while it was looked at. */
async function lookAtPayload(
  stateRoot: string,
  contentKey: string,
  users: readonly PayloadUser[],
): Promise<StoredPayload | DamagedPayload | null> {
  const { dir, outputDir, recordFile } = payloadLayout(stateRoot, contentKey);
  const record = await readPayloadRecord(recordFile);
  const lastUsed = await stat(recordFile).catch(() => null);
  const storePath = record.ok
    ? await realpath(record.value.externalPath ?? outputDir).catch(() => null)
    : null;
  const found = await lstat(dir).catch(() => null);
  if (found?.isDirectory() !== true) return null;
  if (!record.ok) {
    return { contentKey, dir, reason: record.error.reason ?? record.error.message, users };
  }
  if (record.value.contentKey !== contentKey) {
    return { contentKey, dir, reason: 'its record is that of another payload', users };
  }
  if (storePath === null && record.value.externalPath === null) {
    return { contentKey, dir, reason: 'its output is missing', users };
  }
  const lastUsedAt = formatTimestamp(lastUsed?.mtime ?? new Date(record.value.builtAt));
  return { record: record.value, storePath, lastUsedAt, users };
}

function latestFirst(a: StoredPayload, b: StoredPayload): number {
  const [one, two] = [a, b].map(({ lastUsedAt, record }) => `${lastUsedAt} ${record.contentKey}`);
  return (one ?? '') < (two ?? '') ? 1 : -1;
}
