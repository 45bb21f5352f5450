import { describeFailure, ok, type Outcome, type OutputStream } from '@pikaci/model';
import { openLimitedLog, type LimitedLog } from './limited-log.js';
import type { LimitedLogEnd } from './limited-log-assembly.js';
import { LogIndexWriter, type IndexedLogPlace } from './log-index-writer.js';

/** How an indexed log ended. */
export interface IndexedLogEnd extends LimitedLogEnd {
  /** Why the streams and times of some of it are not known; null when they are. */
  readonly indexProblem: string | null;
}

/**
 * A log of both streams of a command, limited and exact as a {@link LimitedLog}, and beside it an index that tells which
 * bytes are of which stream, and when they came. What is wrong with the index never harms the log.
 */
export interface IndexedLog {
  /** As that of a limited log. */
  append(stream: OutputStream, chunk: Uint8Array): Promise<void>;
  /** Empties both. What is appended from then on has no times, as it came before. */
  restart(): void;
  /** A failure (`infrastructure`) when something of the log could not be written. */
  close(): Promise<Outcome<IndexedLogEnd>>;
}

/** Opens a log and its index, both empty. Whoever finds the log finds the index. */
export async function openIndexedLog(place: IndexedLogPlace): Promise<Outcome<IndexedLog>> {
  const limitBytes = Math.max(1, place.limitBytes);
  const index = await LogIndexWriter.open({ ...place, limitBytes });
  const log = await openLimitedLog(place.path, limitBytes);
  if (!log.ok) {
    if (index.ok) await index.value.close();
    return log;
  }
  if (index.ok) return ok(indexedLog(log.value, index.value));
  return ok(plainLog(log.value, describeFailure(index.error)));
}

function indexedLog(log: LimitedLog, index: LogIndexWriter): IndexedLog {
  return {
    append: (stream, chunk) => {
      const noted = index.note(stream, chunk.length);
      const appended = log.append(chunk);
      return noted === undefined ? appended : noted.then(() => appended);
    },
    restart: () => {
      index.restart();
      log.restart();
    },
    close: async () => {
      // Whoever finds a log that was put together finds all of its index.
      const indexProblem = await index.close();
      const closed = await log.close();
      return closed.ok ? ok({ ...closed.value, indexProblem }) : closed;
    },
  };
}

/** One whose index could not be opened. */
function plainLog(log: LimitedLog, indexProblem: string): IndexedLog {
  return {
    append: (_, chunk) => log.append(chunk),
    restart: () => log.restart(),
    close: async () => {
      const closed = await log.close();
      return closed.ok ? ok({ ...closed.value, indexProblem }) : closed;
    },
  };
}
