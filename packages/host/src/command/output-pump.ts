import type { Readable } from 'node:stream';
import type { ChunkConsumer } from './command-spec.js';

/** Carries one output stream of a command to its consumer, a chunk at a time. */
export interface OutputPump {
  /** Settles when the stream is at its end or was stopped; rejects with what the consumer threw. */
  readonly done: Promise<void>;
  /** True while the consumer works on a chunk. */
  isBusy(): boolean;
  /** Monotonic time of the last chunk. */
  lastChunkMs(): number;
  /** Stops reading, also when other processes still hold the stream open. */
  stop(): void;
}

/** Starts to read a stream. While the consumer is busy nothing more is read, so the writer has to wait. */
export function pumpOutput(stream: Readable, consume: ChunkConsumer | undefined): OutputPump {
  const state = { busy: false, lastChunkMs: performance.now() };
  const done = pump(stream, consume, state);
  // The caller may be busy with the end of the command when the consumer fails.
  done.catch(() => undefined);
  return {
    done,
    isBusy: () => state.busy,
    lastChunkMs: () => state.lastChunkMs,
    stop: () => void stream.destroy(),
  };
}

interface PumpState {
  busy: boolean;
  lastChunkMs: number;
}

async function pump(
  stream: Readable,
  consume: ChunkConsumer | undefined,
  state: PumpState,
): Promise<void> {
  // Not by 'data' and pause(): Node resumes paused streams by itself when the process ends.
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  for (;;) {
    const chunk = await nextChunk(chunks);
    if (chunk === null) return;
    state.busy = true;
    try {
      await consume?.(chunk);
    } catch (error) {
      stream.destroy();
      throw error;
    } finally {
      state.busy = false;
      state.lastChunkMs = performance.now();
    }
  }
}

/** Null at the end, which a read error and `stop` are as well. */
async function nextChunk(chunks: AsyncIterator<Buffer>): Promise<Buffer | null> {
  try {
    const next = await chunks.next();
    return next.done === true ? null : next.value;
  } catch {
    return null;
  }
}

/** How long each look at the streams lasts, but for when this process is kept from going on. */
const pollMs = 20;
/**
 * Output that was written before the end is in the kernel's buffer, and comes without a pause as long as this. Looks are
 * counted, not time: between two looks this process reads what there is, however long it was kept from doing so.
 */
const quietPolls = 5;
/** Most looks for output of processes that escaped the group and go on writing. */
const mostPolls = 100;

/** Reads what a command left in its streams. Does not wait for other processes that hold them open. */
export async function drainOutput(pumps: readonly OutputPump[]): Promise<void> {
  const finished = Promise.all(pumps.map((pump) => pump.done)).then(() => true);
  try {
    await waitUntilQuiet(pumps, finished);
  } finally {
    for (const pump of pumps) pump.stop();
  }
  await finished;
}

async function waitUntilQuiet(
  pumps: readonly OutputPump[],
  finished: Promise<boolean>,
): Promise<void> {
  let lastChunkMs = latestChunkMs(pumps);
  let quiet = 0;
  let polls = 0;
  while (!(await settlesWithin(finished, pollMs))) {
    const latestMs = latestChunkMs(pumps);
    // A consumer may take any time for a chunk.
    if (pumps.some((pump) => pump.isBusy())) quiet = 0;
    else {
      quiet = latestMs === lastChunkMs ? quiet + 1 : 0;
      polls += 1;
      if (quiet >= quietPolls || polls >= mostPolls) return;
    }
    lastChunkMs = latestMs;
  }
}

function latestChunkMs(pumps: readonly OutputPump[]): number {
  return Math.max(...pumps.map((pump) => pump.lastChunkMs()));
}

async function settlesWithin(promise: Promise<boolean>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
