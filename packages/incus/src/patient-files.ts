import type { FilesApi, IncusResult } from '@pikaci/incus-client';

/** Pauses before a request is made again, in ms: a daemon that restarts is back within seconds. */
const delaysMs = [50, 200, 500, 1000, 2000];

/** How long to wait for a server that cannot be reached. */
export interface Patience {
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** In all, over all requests, in ms. */
  readonly limitMs: number;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/** Reads files of guests, over restarts of the server: what was begun goes on where it was. */
export function patientFiles(
  files: Pick<FilesApi, 'read' | 'stat' | 'stream'>,
  { pause, limitMs, signal }: Patience,
): Pick<FilesApi, 'read' | 'stat' | 'stream'> {
  let waitedMs = 0;
  const again = async <T>(ask: () => Promise<IncusResult<T>>): Promise<IncusResult<T>> => {
    for (let turn = 0; ; turn += 1) {
      const result = await ask();
      const isCut = !result.ok && result.error.kind === 'connection';
      if (!isCut || waitedMs >= limitMs || signal.aborted) return result;
      const delay = delaysMs[Math.min(turn, delaysMs.length - 1)] ?? 0;
      await pause(delay, signal);
      waitedMs += delay;
    }
  };
  return {
    read: (instance, path, options) =>
      again(() => files.read(instance, path, { ...options, signal })),
    stat: (instance, path, options) =>
      again(() => files.stat(instance, path, { ...options, signal })),
    stream: (instance, path, sink, options) => {
      let offset = options?.offset ?? 0;
      const counted = async (chunk: Buffer): Promise<void> => {
        offset += chunk.length;
        await sink(chunk);
      };
      return again(() => files.stream(instance, path, counted, { ...options, offset, signal }));
    },
  };
}
