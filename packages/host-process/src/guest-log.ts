import { isDiskFailure, openIndexedLog, type IndexedLog } from '@pikaci/host';
import {
  describeFailure,
  formatByteSize,
  ok,
  systemTimer,
  type Clock,
  type JobExecution,
  type Masker,
  type Outcome,
  type OutputStream,
} from '@pikaci/model';

/** Takes what a command prints: secrets masked, it goes into a log and to whoever listens. */
export interface GuestLog {
  /** Resolves when the log has it. Never rejects. */
  receive(stream: OutputStream, chunk: Uint8Array): Promise<void>;
  close(): Promise<ClosedLog>;
}

/** A log to which nothing comes any more. */
export interface ClosedLog {
  /** What is not in it, and why. */
  readonly notes: readonly string[];
  /** Why the disk could not keep it; null when it could, or something else is to blame. */
  readonly problem: string | null;
}

/** Where what a command prints goes. */
export interface GuestLogRequest {
  readonly path: string;
  readonly limitBytes: number;
  /** Tells when something came, for the index. */
  readonly clock: Clock;
  readonly masker: Masker;
  /** Hears what is written, masked. */
  readonly onOutput: (stream: OutputStream, chunk: Uint8Array) => void;
}

/** Opens the log of a job's attempt, empty. */
export function openJobLog(
  { masker, observer, job }: JobExecution,
  clock: Clock,
): Promise<Outcome<GuestLog>> {
  return openGuestLog({
    path: job.hostContext.guestLogPath,
    limitBytes: job.logLimitBytes,
    clock,
    masker,
    onOutput: (stream, chunk) => {
      observer.onOutput(stream, chunk);
    },
  });
}

/** Opens a log, empty. */
export async function openGuestLog(request: GuestLogRequest): Promise<Outcome<GuestLog>> {
  const { path, limitBytes, clock } = request;
  const log = await openIndexedLog({ path, limitBytes, clock, timer: systemTimer });
  return log.ok ? ok(guestLog(request, log.value)) : log;
}

function guestLog({ masker, onOutput, limitBytes }: GuestLogRequest, log: IndexedLog): GuestLog {
  const masked = { stdout: masker.stream(), stderr: masker.stream() };
  const passOn = (stream: OutputStream, chunk: Uint8Array): Promise<void> => {
    if (chunk.length === 0) return Promise.resolve();
    onOutput(stream, chunk);
    return log.append(stream, chunk);
  };
  return {
    receive: (stream, chunk) => passOn(stream, masked[stream].write(chunk)),
    close: async () => {
      await passOn('stdout', masked.stdout.end());
      await passOn('stderr', masked.stderr.end());
      const closed = await log.close();
      if (!closed.ok) {
        const told = describeFailure(closed.error);
        return { notes: [told], problem: isDiskFailure(closed.error) ? told : null };
      }
      const { leftOutBytes, totalBytes, indexProblem } = closed.value;
      const limit = formatByteSize(limitBytes);
      const leftOut = `${leftOutBytes} of ${totalBytes} bytes of output are not in the log: its limit is ${limit}`;
      const notes = [
        ...(leftOutBytes === 0 ? [] : [leftOut]),
        ...(indexProblem === null ? [] : [indexProblem]),
      ];
      return { notes, problem: null };
    },
  };
}
