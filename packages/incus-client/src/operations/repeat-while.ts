import type { Connection } from '../transport/connection.js';

/** The first pause before a busy instance is tried again; it doubles up to the last. Measured: busy lasts 0.5 to 1 s. */
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1_000;

/** Repeats an attempt, with pauses that grow, while its result asks for it and the connection's limit allows it. */
export async function repeatWhile<T>(
  { clock, busyRetryMs }: Connection,
  again: (result: T) => boolean,
  attempt: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  const giveUpAt = clock.now() + busyRetryMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LAST_PAUSE_MS)) {
    const result = await attempt();
    if (!again(result) || clock.now() + pause > giveUpAt) return result;
    await clock.sleep(pause, signal);
  }
}
