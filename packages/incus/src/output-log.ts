import { openIndexedLog, type IndexedLog, type IndexedLogEnd } from '@pikaci/host';
import {
  ok,
  systemTimer,
  type Clock,
  type JobExecution,
  type MaskedStream,
  type Outcome,
  type OutputStream,
} from '@pikaci/model';
import { createHash, type Hash } from 'node:crypto';

/**
 * The job's guest log on the host, and how much of each stream was put into it. Chunks of both streams are appended in
 * the order of their arrival. What is written has its secrets taken out and is limited; what is counted and digested is
 * what the guest printed, so that it can be compared with the guest's files.
 */
export interface OutputLog {
  /** When it returns a promise, the next chunk should wait for it, or chunks pile up in memory. It never rejects. */
  append(stream: OutputStream, chunk: Uint8Array): void | Promise<void>;
  /** Bytes of the stream that were appended. */
  received(stream: OutputStream): number;
  /** sha256 of those bytes. */
  digest(stream: OutputStream): string;
  /** Starts the log anew, as when what is in it turned out to be damaged. */
  restart(): void;
  /** Waits until everything is on disk. A failure when something could not be written. */
  close(): Promise<Outcome<IndexedLogEnd>>;
}

interface Received {
  bytes: number;
  readonly hash: Hash;
  readonly masked: MaskedStream;
}

/**
 * Opens the guest log of a job's attempt, empty.
 *
 * @param goesOn true when an earlier process has begun it: what the guest printed comes again, with the times of then
 */
export async function openOutputLog(
  execution: Pick<JobExecution, 'job' | 'masker' | 'observer'>,
  clock: Clock,
  goesOn: boolean,
): Promise<Outcome<OutputLog>> {
  const { hostContext, logLimitBytes } = execution.job;
  const file = await openIndexedLog({
    path: hostContext.guestLogPath,
    limitBytes: logLimitBytes,
    clock,
    timer: systemTimer,
    goesOn,
  });
  return file.ok ? ok(outputLog(execution, file.value)) : file;
}

function outputLog(
  { masker, observer }: Pick<JobExecution, 'masker' | 'observer'>,
  file: IndexedLog,
): OutputLog {
  const nothing = (): Record<OutputStream, Received> => ({
    stdout: { bytes: 0, hash: createHash('sha256'), masked: masker.stream() },
    stderr: { bytes: 0, hash: createHash('sha256'), masked: masker.stream() },
  });
  let received = nothing();
  let quiet = false;
  const pass = (stream: OutputStream, masked: Uint8Array): void | Promise<void> => {
    if (masked.length === 0) return undefined;
    if (!quiet) observer.onOutput(stream, masked);
    return file.append(stream, masked);
  };
  return {
    append: (stream, chunk) => {
      received[stream].bytes += chunk.length;
      received[stream].hash.update(chunk);
      return pass(stream, received[stream].masked.write(chunk));
    },
    received: (stream) => received[stream].bytes,
    digest: (stream) => received[stream].hash.copy().digest('hex'),
    restart: () => {
      // What was shown cannot be taken back; the second pass is for the file alone.
      quiet = true;
      received = nothing();
      file.restart();
    },
    close: async () => {
      for (const stream of ['stdout', 'stderr'] as const) {
        await pass(stream, received[stream].masked.end());
      }
      return file.close();
    },
  };
}
