/** Enough to keep the file system busy: Node itself works on four file operations at a time unless told otherwise. */
const width = 16;

/**
 * Works on tasks, some of which bring up more, a bounded number at a time. The newest task comes first, so that a
 * tree is walked in depth and few tasks wait. After an error, or when the signal is raised, no further task is begun.
 * @throws the first error of a task, or the signal's reason when tasks were left; after the running ones have ended
 */
export async function workThrough<T>(
  first: readonly T[],
  work: (task: T, add: (task: T) => void) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const waiting = [...first];
  const running = new Set<Promise<void>>();
  const errors: unknown[] = [];
  const add = (task: T): void => void waiting.push(task);
  const goesOn = () => errors.length === 0 && signal?.aborted !== true;
  while (running.size > 0 || (waiting.length > 0 && goesOn())) {
    while (running.size < width && goesOn()) {
      const task = waiting.pop();
      if (task === undefined) break;
      const job = work(task, add)
        .catch((error: unknown) => void errors.push(error))
        .finally(() => running.delete(job));
      running.add(job);
    }
    await Promise.race(running);
  }
  if (errors.length > 0) throw errors[0];
  if (waiting.length > 0) signal?.throwIfAborted();
}
