import { truncate } from 'node:fs/promises';
import type { Lock } from '@pikaci/host';
import {
  fail,
  ok,
  runEventCodec,
  runRecordCodec,
  type AdoptedRun,
  type Outcome,
  type RunRecord,
} from '@pikaci/model';
import { runLayout, type RunLayout } from '@pikaci/paths';
import { tryAdoptionLock } from './adoption-lock.js';
import { removeTemporaryFiles } from './dead-files.js';
import { attempt } from './file-failure.js';
import { withNewestJobs } from './newest-job-records.js';
import { isOwnerGone, systemOwnerProbe } from './owner.js';
import { readLines, readRecord, readText } from './read-record.js';
import { DiskRunWriter } from './run-writer.js';
import type { StoreMachine } from './store-machine.js';

/**
 * Takes a run over that has ended, or whose process is gone. Only one process can have it at a time; the one that
 * holds it is held by a lock until its writer is closed.
 */
export async function adoptRun(
  stateRoot: string,
  machine: StoreMachine,
  runId: string,
): Promise<Outcome<AdoptedRun | null>> {
  const layout = runLayout(stateRoot, runId);
  const known = await readRecord(layout.runFile, runRecordCodec);
  if (!known.ok) return known;
  if (known.value === null) return noSuchRun(runId);
  if (!isFree(known.value)) return ok(null);
  const lock = await tryAdoptionLock(layout);
  if (!lock.ok) return lock;
  if (lock.value === null) return ok(null);
  const adopted = await adoptLocked(layout, machine, lock.value);
  if (!adopted.ok || adopted.value === null) await lock.value.release();
  return adopted;
}

async function adoptLocked(
  layout: RunLayout,
  machine: StoreMachine,
  lock: Lock,
): Promise<Outcome<AdoptedRun | null>> {
  // Whoever held the lock before may have changed everything.
  const record = await readRecord(layout.runFile, runRecordCodec);
  if (!record.ok) return record;
  if (record.value === null) return noSuchRun(layout.runId);
  if (!isFree(record.value)) return ok(null);
  const mended = await cutTornLine(layout.eventsFile);
  if (!mended.ok) return mended;
  const events = await readLines(layout.eventsFile, runEventCodec);
  if (!events.ok) return events;
  await removeTemporaryFiles(layout.stateRoot, layout.runId);
  const writer = new DiskRunWriter(layout, machine, () => lock.release());
  const newest = await withNewestJobs(layout, writer, record.value);
  if (newest.ok) return ok({ record: newest.value, events: events.value, writer });
  await writer.close();
  return newest;
}

function isFree(record: RunRecord): boolean {
  return record.status !== 'running' || isOwnerGone(record, systemOwnerProbe());
}

/** A line that a crash broke off would run into the next one. */
async function cutTornLine(file: string): Promise<Outcome<void>> {
  const text = await readText(file);
  if (!text.ok) return text;
  const whole = text.value?.slice(0, text.value.lastIndexOf('\n') + 1) ?? '';
  if (text.value === null || whole === text.value) return ok(undefined);
  return attempt({ message: `The file ${file} cannot be written`, file }, () =>
    truncate(file, Buffer.byteLength(whole)),
  );
}

function noSuchRun(runId: string): Outcome<never> {
  return fail('selection', `There is no run \`${runId}\``, { hint: 'See `npx pikaci list`.' });
}
