import { mkdir, rm } from 'node:fs/promises';
import {
  fail,
  identifierPattern,
  ok,
  reachFaultPoint,
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
  await removeRun(layout);
  return written;
}

function removeRun({ runDir }: RunLayout): Promise<void> {
  return rm(runDir, { recursive: true, force: true }).catch(() => undefined);
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
      if (!(await makeNew(layout.runDir))) return false;
      try {
        await mkdir(layout.jobsDir);
        await machine.replaceOperations.syncDirectory(runs);
        await reachFaultPoint('store.run-created');
      } catch (thrown) {
        await removeRun(layout);
        throw thrown;
      }
      return true;
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
