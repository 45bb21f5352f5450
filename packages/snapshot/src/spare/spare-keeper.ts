import { setImmediate, setTimeout } from 'node:timers/promises';
import { makeSpare } from './make-spare.js';

/** Makes spare trees beside other work. */
export interface SpareKeeper {
  /** Begins to make the spare of a snapshot. */
  readonly begin: (stateRoot: string, hash: string) => void;
  /** Returns when nothing goes on any more; what does gets all of the process's time. */
  readonly finish: () => Promise<void>;
}

/** Between two slices of links; with slices of two milliseconds others have most of the process's time. */
const pauseMs = 5;

export function createSpareKeeper(): SpareKeeper {
  const making: Promise<void>[] = [];
  const hurry = new AbortController();
  const pause = async (): Promise<void> => {
    if (hurry.signal.aborted) await setImmediate();
    else await setTimeout(pauseMs, undefined, { signal: hurry.signal }).catch(() => undefined);
  };
  return {
    begin: (stateRoot, hash) => {
      const made = makeSpare(stateRoot, hash, pause);
      // A bug is heard of by whoever waits for the end.
      made.catch(() => undefined);
      making.push(made);
    },
    finish: async () => {
      hurry.abort();
      await Promise.all(making);
    },
  };
}
