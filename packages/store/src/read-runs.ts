import { ok, runRecordCodec, type Outcome, type RunRecord } from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import { newestFirst, type FoundRun } from './newest-first.js';
import { readRecord } from './read-record.js';
import { listRunIds } from './run-directories.js';
import {
  latestFailedReference,
  latestReference,
  noFailedRuns,
  noRuns,
  resolveRunId,
  unknownRun,
} from './run-reference.js';

/** How many records are open at a time. */
const readBatch = 32;

/** Length of the time in a run id: ids that share it are of the same second. */
const idTimeLength = '20260307T000001Z'.length;

/** All runs, newest first. */
export async function listRuns(stateRoot: string): Promise<Outcome<readonly Outcome<RunRecord>[]>> {
  const ids = await listRunIds(stateRoot);
  if (!ids.ok) return ids;
  return ok((await readAll(stateRoot, ids.value)).map((run) => run.record));
}

/** One run, by id, a unique beginning of one, `latest` or `latest-failed`. */
export async function readRun(stateRoot: string, reference: string): Promise<Outcome<RunRecord>> {
  const ids = await listRunIds(stateRoot);
  if (!ids.ok) return ids;
  if (reference === latestReference) {
    return (await readLatest(stateRoot, ids.value, () => true)) ?? noRuns(stateRoot);
  }
  if (reference === latestFailedReference) {
    return (await readLatest(stateRoot, ids.value, hasFailed)) ?? noFailedRuns(stateRoot);
  }
  const id = resolveRunId(reference, ids.value);
  if (!id.ok) return id;
  const found = await readOne(stateRoot, id.value);
  return found?.record ?? unknownRun(reference, ids.value);
}

const hasFailed = ({ record }: FoundRun) => record.ok && record.value.status === 'failed';

/** The newest run that is wanted, or null. Reads no more than the runs of the newest second that has any. */
async function readLatest(
  stateRoot: string,
  ids: readonly string[],
  isWanted: (run: FoundRun) => boolean,
): Promise<Outcome<RunRecord> | null> {
  let rest = ids;
  while (rest[0] !== undefined) {
    const second = rest[0].slice(0, idTimeLength);
    const same = rest.filter((id) => id.startsWith(second));
    const newest = (await readAll(stateRoot, same)).find(isWanted);
    if (newest !== undefined) return newest.record;
    rest = rest.filter((id) => !id.startsWith(second));
  }
  return null;
}

async function readAll(stateRoot: string, ids: readonly string[]): Promise<readonly FoundRun[]> {
  const found: (FoundRun | null)[] = [];
  for (let start = 0; start < ids.length; start += readBatch) {
    const batch = ids.slice(start, start + readBatch);
    found.push(...(await Promise.all(batch.map((id) => readOne(stateRoot, id)))));
  }
  return newestFirst(found.filter((run) => run !== null));
}

/** Null for a directory without a record: a run that is being made, or no run at all. */
async function readOne(stateRoot: string, id: string): Promise<FoundRun | null> {
  const record = await readRecord(runLayout(stateRoot, id).runFile, runRecordCodec);
  if (!record.ok) return { id, record };
  return record.value === null ? null : { id, record: ok(record.value) };
}
