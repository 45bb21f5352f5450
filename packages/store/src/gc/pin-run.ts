import { access, unlink, writeFile } from 'node:fs/promises';
import { fail, ok, type Outcome } from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import { attempt, isMissing } from '../file-failure.js';

/** True when a run is not to be removed. */
export function isPinned(pinFile: string): Promise<boolean> {
  return access(pinFile).then(
    () => true,
    () => false,
  );
}

/** Keeps a run from being removed. `selection` failure: it is gone. */
export async function pinRun(stateRoot: string, runId: string): Promise<Outcome<void>> {
  const { pinFile } = runLayout(stateRoot, runId);
  const detail = { message: `The run ${runId} cannot be pinned`, file: pinFile };
  const written = await attempt(detail, async () => {
    try {
      await writeFile(pinFile, '');
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
    }
  });
  if (!written.ok) return written;
  // Somebody may have been about to remove it: who saw the pin has left it, or put it back.
  if (await isPinned(pinFile)) return ok(undefined);
  return fail('selection', `The run ${runId} is not there any more`, {
    hint: 'It was removed meanwhile. See `pikaci list`.',
  });
}

/** Lets a run be removed again; that it may be already is fine. */
export function unpinRun(stateRoot: string, runId: string): Promise<Outcome<void>> {
  const { pinFile } = runLayout(stateRoot, runId);
  const detail = { message: `The run ${runId} cannot be unpinned`, file: pinFile };
  return attempt(detail, async () => {
    try {
      await unlink(pinFile);
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
    }
  });
}
