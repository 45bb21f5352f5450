/** Enough to keep the file system busy: Node itself works on four file operations at a time unless told otherwise. */
const width = 16;

/**
 * Works on tasks, some of which bring up more, a bounded number at a time. The newest task comes first, so that a
 * tree is walked in depth and few tasks wait. After an error no further task is begun.
 * @throws the first error of a task, after the running ones have ended.
 */
export async function workThrough<T>(
  first: readonly T[],
  work: (task: T, add: (task: T) => void) => Promise<void>,
): Promise<void> {
  const waiting = [...first];
  const running = new Set<Promise<void>>();
  const errors: unknown[] = [];
  const add = (task: T): void => void waiting.push(task);
  while (running.size > 0 || (waiting.length > 0 && errors.length === 0)) {
    while (running.size < width && errors.length === 0) {
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
}
