import { randomBytes } from 'node:crypto';
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

/** A lease, as it is found. One that cannot be read has no places and no owner. */
export interface FoundRunLease extends Pick<RunLeaseRecord, 'runId' | 'places' | 'keptUntil'> {
  /** Tells it from others of its run: by it, it is ended. */
  readonly name: string;
  readonly owner: ProcessOwner | null;
}

/**
 * Says that a run may leave something behind, and where, before it does. What somebody does in a run that has ended has
 * a lease of its own, beside that of the run.
 *
 * @param name of the lease: the run's id, or one of `ownLeaseName`
 * @param keptUntil until when something of the run is kept on purpose (RFC 3339)
 */
export async function takeRunLease(
  stateRoot: string,
  name: string,
  places: readonly RunPlace[],
  owner: ProcessOwner = currentOwner(),
  keptUntil: string | null = null,
): Promise<Outcome<void>> {
  const file = leaseFile(stateRoot, name);
  const runId = runIdOf(name);
  const { pid, host, bootId, startTicks = null } = owner;
  const record: RunLeaseRecord = {
    schemaVersion: 1,
    runId,
    owner: { pid, host, bootId, startTicks },
    places: [...places],
    keptUntil,
  };
  return attempt({ message: `The lease ${file} cannot be written`, file }, async () => {
    await mkdir(runLeasesDirectory(stateRoot), { recursive: true });
    await replaceFile(file, `${JSON.stringify(runLeaseRecordCodec.encode(record), null, 2)}\n`);
  });
}

/** The name of a lease that is a process's own, beside that of the run: no other process and no other call has it. */
export function ownLeaseName(runId: string): string {
  return `${runId}~${process.pid}-${randomBytes(4).toString('hex')}`;
}

/** Says that nothing is left for which a lease was taken. Best effort: a lease too many costs a look. */
export async function endRunLease(stateRoot: string, name: string): Promise<void> {
  await unlink(leaseFile(stateRoot, name)).catch(() => undefined);
}

/** All leases there are, by name. */
export async function readRunLeases(stateRoot: string): Promise<readonly FoundRunLease[]> {
  const names = await readdir(runLeasesDirectory(stateRoot)).catch((): string[] => []);
  const leases = [];
  for (const file of names.sort()) {
    const name = /^(.+)\.json$/.exec(file)?.[1] ?? '';
    const runId = runIdOf(name);
    if (name.startsWith('.') || !identifierPattern.test(runId)) continue;
    const read = await readRecord(leaseFile(stateRoot, name), runLeaseRecordCodec);
    if (!read.ok) leases.push({ name, runId, places: [], owner: null, keptUntil: null });
    else if (read.value !== null) leases.push({ ...read.value, name, runId });
  }
  return leases;
}

/** What is behind a tilde, which no id has, tells leases of one run apart. */
function runIdOf(name: string): string {
  return name.split('~')[0] ?? '';
}

function leaseFile(stateRoot: string, name: string): string {
  return join(runLeasesDirectory(stateRoot), `${name}.json`);
}
