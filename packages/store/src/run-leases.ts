import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  identifierPattern,
  runLeaseRecordCodec,
  type Outcome,
  type ProcessOwner,
  type RunLeaseRecord,
  type RunPlace,
} from '@pikaci/model';
import { runLeasesDirectory } from '@pikaci/paths';
import { attempt } from './file-failure.js';
import { currentOwner } from './owner.js';
import { readRecord } from './read-record.js';
import { replaceFile } from './replace-file.js';

/** Says that a run may leave something behind, and where, before it does. */
export async function takeRunLease(
  stateRoot: string,
  runId: string,
  places: readonly RunPlace[],
  owner: ProcessOwner = currentOwner(),
): Promise<Outcome<void>> {
  const file = leaseFile(stateRoot, runId);
  const { pid, host, bootId, startTicks = null } = owner;
  const record: RunLeaseRecord = {
    schemaVersion: 1,
    runId,
    owner: { pid, host, bootId, startTicks },
    places: [...places],
  };
  return attempt({ message: `The lease ${file} cannot be written`, file }, async () => {
    await mkdir(runLeasesDirectory(stateRoot), { recursive: true });
    await replaceFile(file, `${JSON.stringify(runLeaseRecordCodec.encode(record), null, 2)}\n`);
  });
}

/** Says that nothing of a run is left. Best effort: a lease too many costs a look. */
export async function endRunLease(stateRoot: string, runId: string): Promise<void> {
  await unlink(leaseFile(stateRoot, runId)).catch(() => undefined);
}

/** All leases there are, by run id. One that cannot be read has no places and no owner. */
export async function readRunLeases(
  stateRoot: string,
): Promise<readonly (Pick<RunLeaseRecord, 'runId' | 'places'> & { owner: ProcessOwner | null })[]> {
  const names = await readdir(runLeasesDirectory(stateRoot)).catch((): string[] => []);
  const leases = [];
  for (const name of names.sort()) {
    const runId = /^(.+)\.json$/.exec(name)?.[1] ?? '';
    if (name.startsWith('.') || !identifierPattern.test(runId)) continue;
    const read = await readRecord(leaseFile(stateRoot, runId), runLeaseRecordCodec);
    if (!read.ok) leases.push({ runId, places: [], owner: null });
    else if (read.value !== null) leases.push({ ...read.value, runId });
  }
  return leases;
}

function leaseFile(stateRoot: string, runId: string): string {
  return join(runLeasesDirectory(stateRoot), `${runId}.json`);
}
