/**
 * Works on items, a bounded number at a time, and hands out the results in the order of the items.
 * @throws the error of the first item that fails, when nothing is being worked on any more
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const job = work(item);
      // It is heard of when its turn comes.
      job.catch(() => undefined);
      running.push(job);
      if (running.length >= width) yield await (running.shift() ?? job);
    }
    for (let job = running.shift(); job !== undefined; job = running.shift()) yield await job;
  } finally {
    await Promise.allSettled(running);
  }
}
