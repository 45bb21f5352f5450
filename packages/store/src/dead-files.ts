import { readdir, rmdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { sweepTemporaryFiles } from '@pikaci/host';
import { identifierPattern } from '@pikaci/model';
import { jobLayout, runLayout, runsDirectory } from '@pikaci/paths';

/** The name of a file that was to replace another one, as `replaceFile` makes it. */
const temporaryPattern = /^\..+\.json\.[0-9a-f]{12}\.tmp$/;

/** The same as runtimes make it for the results of jobs, among whose artifacts nothing else is ours. */
const temporaryResultPattern =
  /^\.(result\.json|status\.json|events\.jsonl)\.\d+-[0-9a-f]{12}\.tmp$/;

/**
 * A run's directory gets its record within moments. One that has none after this time was left by a process that was
 * killed between the two.
 */
export const longestCreationMs = 600 * 1000;

/**
 * Removes the half-written files of a run whose process is gone; the caller has taken the run over, so that nobody else
 * writes. Best effort. Returns how many there were.
 */
export async function removeTemporaryFiles(stateRoot: string, runId: string): Promise<number> {
  const layout = runLayout(stateRoot, runId);
  let removed = 0;
  const remove = async (dir: string, pattern: RegExp) => {
    for (const name of (await namesIn(dir)).filter((one) => pattern.test(one))) {
      if (await succeeds(unlink(join(dir, name)))) removed += 1;
    }
  };
  await remove(layout.runDir, temporaryPattern);
  await remove(layout.requestsDir, temporaryPattern);
  // Of others who wanted to take it over and were killed, too.
  await sweepTemporaryFiles(layout.runDir);
  for (const jobId of await namesIn(layout.jobsDir)) {
    const { jobDir } = jobLayout(layout, jobId);
    const attempts = (await namesIn(join(jobDir, 'attempts'))).map((name) =>
      join(jobDir, 'attempts', name),
    );
    for (const dir of [jobDir, ...attempts]) {
      await remove(dir, temporaryPattern);
      await remove(join(dir, 'artifacts'), temporaryResultPattern);
    }
  }
  return removed;
}

/**
 * Directories of runs that never got a record, because their process was killed while it made them. Anything else in
 * one keeps it: then it is none of those.
 */
export async function findUnrecordedRuns(stateRoot: string, now: Date): Promise<readonly string[]> {
  const found: string[] = [];
  for (const runId of [...(await namesIn(runsDirectory(stateRoot)))].sort()) {
    if (!identifierPattern.test(runId)) continue;
    const { runDir, jobsDir } = runLayout(stateRoot, runId);
    const names = await namesIn(runDir);
    const isEmpty = names.every((name) => name === 'jobs' || temporaryPattern.test(name));
    if (!isEmpty || (await namesIn(jobsDir)).length > 0) continue;
    const times = await stat(runDir).catch(() => null);
    const isOld = times !== null && now.getTime() - times.mtimeMs > longestCreationMs;
    if (isOld && times.isDirectory()) found.push(runId);
  }
  return found;
}

/** Removes such directories; a record that has appeared meanwhile keeps its directory. Returns the ids of those that are gone. */
export async function removeUnrecordedRuns(
  stateRoot: string,
  runIds: readonly string[],
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const runId of runIds) {
    const { runDir, jobsDir } = runLayout(stateRoot, runId);
    await removeTemporaryFiles(stateRoot, runId);
    await succeeds(rmdir(jobsDir));
    if (await succeeds(rmdir(runDir))) removed.push(runId);
  }
  return removed;
}

function namesIn(dir: string): Promise<readonly string[]> {
  return readdir(dir).catch((): string[] => []);
}

function succeeds(action: Promise<unknown>): Promise<boolean> {
  return action.then(
    () => true,
    () => false,
  );
}
