import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, runRecordCodec, type Failure, type Outcome, type RunRecord } from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import { readRecord } from '../read-record.js';
import { listRunIds } from '../run-directories.js';
import { readRunLeases } from '../run-leases.js';
import { isPinned } from './pin-run.js';
import type { RunCandidate } from './plan-run-garbage.js';

/** All runs that could be removed, and those of which nothing can be told. */
export interface RunCandidates {
  readonly candidates: readonly RunCandidate[];
  readonly damaged: readonly Failure[];
}

/** Looks at every run there is. One without a record is being made, or is none. */
export async function findRunCandidates(
  stateRoot: string,
  isResumable: (record: RunRecord) => boolean,
): Promise<Outcome<RunCandidates>> {
  const ids = await listRunIds(stateRoot);
  if (!ids.ok) return ids;
  const candidates: RunCandidate[] = [];
  const damaged: Failure[] = [];
  for (const runId of ids.value) {
    const { runDir, runFile } = runLayout(stateRoot, runId);
    const read = await readRecord(runFile, runRecordCodec);
    if (!read.ok) damaged.push(read.error);
    if (!read.ok || read.value === null) continue;
    // The directory's name is what counts, whatever the record in it says.
    const record = { ...read.value, runId };
    candidates.push({
      runId,
      targetId: record.targetId,
      status: record.status,
      endedAt: endOf(record),
      sizeBytes: await sizeOf(runDir),
      protection: await protectionOf(stateRoot, record),
      isResumable: isResumable(record),
    });
  }
  return ok({ candidates, damaged });
}

/** When a run ended; when it began, while it has no end. */
export function endOf({ finishedAt, createdAt }: RunRecord): string {
  return finishedAt ?? createdAt;
}

/** Why a run must not be removed; null when it may. */
export async function protectionOf(
  stateRoot: string,
  { runId, status }: Pick<RunRecord, 'runId' | 'status'>,
): Promise<RunCandidate['protection']> {
  if (await isPinned(runLayout(stateRoot, runId).pinFile)) return 'pinned';
  // Whether its process lives or not: one that is gone is closed first, by whoever takes the run over.
  if (status === 'running') return 'running';
  const leases = await readRunLeases(stateRoot);
  return leases.some((lease) => lease.runId === runId) ? 'leased' : null;
}

/** Sum of the lengths of all files; what cannot be looked at counts as nothing. Links are not followed. */
async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return 0;
  if (!found.isDirectory()) return found.isFile() ? found.size : 0;
  let bytes = 0;
  for (const name of await readdir(path).catch((): string[] => [])) {
    bytes += await sizeOf(join(path, name));
  }
  return bytes;
}
