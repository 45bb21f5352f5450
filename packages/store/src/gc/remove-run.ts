import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createStagingDirectory, removeTree } from '@pikaci/host';
import { ok, runRecordCodec, type Outcome, type RunRecord } from '@pikaci/model';
import { runLayout, runsDirectory, type RunLayout } from '@pikaci/paths';
import { tryAdoptionLock } from '../adoption-lock.js';
import { attempt } from '../file-failure.js';
import { readRecord } from '../read-record.js';
import { isPinned } from './pin-run.js';
import { endOf, protectionOf } from './run-candidates.js';
import {
  runRemovalStepTeller,
  type OnRunRemovalStep,
  type RunRemovalStep,
} from './removal-steps.js';

/** A run that is to be removed. */
export interface RunRemoval {
  readonly stateRoot: string;
  readonly runId: string;
  /** The end that the decision was made on: one that has gone on since then stays. */
  readonly endedAt: string;
  readonly onStep?: OnRunRemovalStep;
}

/** What came of a removal. `kept`: it is pinned or in use by now. */
export type RunRemovalResult = 'removed' | 'absent' | 'kept';

/**
 * Removes a run unless it is pinned, goes on, or may have left something. Nobody can go on with it meanwhile; it goes by
 * a rename, so that nobody ever finds a part of it, and what a killed process leaves of it is swept.
 */
export async function removeRun(removal: RunRemoval): Promise<Outcome<RunRemovalResult>> {
  const { stateRoot, runId } = removal;
  const layout = runLayout(stateRoot, runId);
  const told = runRemovalStepTeller(removal.onStep);
  const before = await readRecord(layout.runFile, runRecordCodec);
  if (!before.ok) return before;
  if (before.value === null) return ok('absent');
  const lock = await tryAdoptionLock(layout);
  if (!lock.ok) return lock;
  if (lock.value === null) return ok('kept');
  try {
    return await removeLocked({ ...removal, onStep: told }, layout);
  } finally {
    await lock.value.release();
  }
}

/** A removal that tells of its steps. */
type ToldRemoval = Required<RunRemoval>;

async function removeLocked(
  removal: ToldRemoval,
  layout: RunLayout,
): Promise<Outcome<RunRemovalResult>> {
  const { runDir } = layout;
  const detail = { message: `The run ${runDir} could not be removed`, file: runDir };
  const tell = (step: RunRemovalStep) => attempt(detail, async () => removal.onStep(step));
  const locked = await tell('locked');
  if (!locked.ok) return locked;
  const record = await readRecord(layout.runFile, runRecordCodec);
  if (!record.ok) return record;
  if (record.value === null) return ok('absent');
  if (!(await mayGo(removal, record.value))) return ok('kept');
  const checked = await tell('checked');
  if (!checked.ok) return checked;
  const moved = await attempt(detail, () => moveAside(removal, layout));
  if (!moved.ok || moved.value === null) return moved.ok ? ok('kept') : moved;
  // What cannot be removed is tried again by the next sweep: under its id it is no longer found.
  const gone = await removeTree(moved.value);
  if (!gone.ok) return gone;
  const removed = await tell('removed');
  return removed.ok ? ok('removed') : removed;
}

async function mayGo({ stateRoot, endedAt }: ToldRemoval, record: RunRecord): Promise<boolean> {
  return endOf(record) === endedAt && (await protectionOf(stateRoot, record)) === null;
}

/** Null when it was pinned at the last moment, and is where it was. Else where it is now. */
async function moveAside(removal: ToldRemoval, layout: RunLayout): Promise<string | null> {
  const bin = await createStagingDirectory(runsDirectory(layout.stateRoot));
  // Under its own name: so it can be put back by whoever finds it there.
  const aside = join(bin, layout.runId);
  try {
    await rename(layout.runDir, aside);
  } catch (thrown) {
    await removeTree(bin);
    throw thrown;
  }
  await removal.onStep('renamed');
  if (!(await isPinned(join(aside, basename(layout.pinFile))))) return bin;
  await rename(aside, layout.runDir);
  await removeTree(bin);
  return null;
}
