import { mkdir, rm } from 'node:fs/promises';
import {
  fail,
  identifierPattern,
  ok,
  type Outcome,
  type RunRecord,
  type RunWriter,
} from '@pikaci/model';
import { runLayout, runsDirectory, type RunLayout } from '@pikaci/paths';
import { attempt, isPresent } from './file-failure.js';
import { makeDirectory } from './make-directory.js';
import { DiskRunWriter } from './run-writer.js';
import type { StoreMachine } from './store-machine.js';

/** Makes a run's directory and its first record. A run whose record cannot be written leaves no directory behind. */
export async function createRun(
  stateRoot: string,
  machine: StoreMachine,
  record: RunRecord,
): Promise<Outcome<RunWriter>> {
  if (!identifierPattern.test(record.runId)) {
    throw new TypeError(`not a run id: ${record.runId}`);
  }
  const layout = runLayout(stateRoot, record.runId);
  const made = await makeDirectories(layout, machine);
  if (!made.ok) return made;
  const writer = new DiskRunWriter(layout, machine);
  const written = await writer.writeRun(record);
  if (written.ok) return ok(writer);
  await writer.close();
  await rm(layout.runDir, { recursive: true, force: true }).catch(() => undefined);
  return written;
}

async function makeDirectories(layout: RunLayout, machine: StoreMachine): Promise<Outcome<void>> {
  const runs = runsDirectory(layout.stateRoot);
  const made = await attempt(
    {
      message: `The state root ${layout.stateRoot} cannot be written`,
      file: layout.stateRoot,
      hint: 'Make it a writable directory, or choose another with --state-root.',
    },
    async () => {
      await makeDirectory(runs);
      const isNew = await makeNew(layout.runDir);
      if (isNew) await mkdir(layout.jobsDir);
      await machine.replaceOperations.syncDirectory(runs);
      return isNew;
    },
  );
  if (!made.ok) return made;
  if (made.value) return ok(undefined);
  return fail('infrastructure', `There is a run \`${layout.runId}\` already`, {
    location: { file: layout.runDir },
    hint: 'Its records are left as they are. Start again: a new run gets a new id.',
  });
}

/** False when there was something at that path already. */
async function makeNew(directory: string): Promise<boolean> {
  try {
    await mkdir(directory);
    return true;
  } catch (thrown) {
    if (isPresent(thrown)) return false;
    throw thrown;
  }
}
