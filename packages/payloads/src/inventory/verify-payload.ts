import { systemErrorCode, systemFailure } from '@pikaci/host';
import { ok, type Outcome, type PayloadVerification, type StoredPayload } from '@pikaci/model';
import { payloadLayout } from '@pikaci/paths';
import { readEntriesFile } from '../digest/entries-file.js';
import { parseEntryLines } from '../digest/tree-entry-line.js';
import { treeDigest } from '../digest/tree-digest.js';
import { takeLease } from '../store/leases.js';
import { compareEntries } from './compare-entries.js';

/** Reads all of a payload and compares it with its digest. Meanwhile nobody removes it. */
export async function verifyPayload(
  stateRoot: string,
  payload: StoredPayload,
): Promise<Outcome<PayloadVerification>> {
  const { contentKey } = payload.record;
  const lease = await takeLease(stateRoot, contentKey);
  try {
    return ok(await verify(stateRoot, payload));
  } catch (error) {
    return systemFailure(`Payload ${contentKey} cannot be verified`, error);
  } finally {
    await lease.release();
  }
}

async function verify(
  stateRoot: string,
  { record, storePath }: StoredPayload,
): Promise<PayloadVerification> {
  const { contentKey, payloadId } = record;
  const sound = {
    contentKey,
    payloadId,
    verdict: 'ok' as const,
    reason: null,
    differences: [],
    differenceCount: 0,
  };
  if (storePath === null) {
    return { ...sound, verdict: 'gone', reason: `there is no ${record.externalPath} any more` };
  }
  if (record.digest === null) {
    return { ...sound, verdict: 'unknown', reason: 'an earlier version recorded no digest' };
  }
  const found = await digestOf(storePath);
  if (found === record.digest) return sound;
  if (found === null) return { ...sound, verdict: 'damaged', reason: 'a part of it is missing' };
  const differing = await findDifferences(stateRoot, contentKey, storePath);
  return { ...sound, verdict: 'damaged', reason: 'the digest is another', ...differing };
}

/** Null when something of the tree went away while it was read. */
async function digestOf(root: string): Promise<string | null> {
  try {
    return await treeDigest(root);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Reads it once more, now with what has to be remembered for a comparison: nearly all payloads are sound. */
async function findDifferences(
  stateRoot: string,
  contentKey: string,
  root: string,
): Promise<Pick<PayloadVerification, 'differences' | 'differenceCount'>> {
  const before = await readEntriesFile(payloadLayout(stateRoot, contentKey).entriesFile).catch(
    () => null,
  );
  // Without the list it is only known that something differs.
  if (before === null) return { differences: [], differenceCount: 0 };
  const lines: Buffer[] = [];
  await treeDigest(root, (line) => void lines.push(line));
  return compareEntries(before, parseEntryLines(Buffer.concat(lines)));
}
