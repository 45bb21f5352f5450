import { openIndexedLog, type IndexedLog } from '@pikaci/host';
import {
  describeFailure,
  formatByteSize,
  ok,
  systemTimer,
  type Clock,
  type JobExecution,
  type Outcome,
  type OutputStream,
} from '@pikaci/model';

/** Takes what a job's command prints: secrets masked, it goes into the job's log and to the observer. */
export interface GuestLog {
  /** Resolves when the log has it. Never rejects. */
  receive(stream: OutputStream, chunk: Uint8Array): Promise<void>;
  /** Says what is not in the log, and why. */
  close(): Promise<readonly string[]>;
}

/** Opens the log of a job's attempt, empty. */
export async function openGuestLog(
  execution: JobExecution,
  clock: Clock,
): Promise<Outcome<GuestLog>> {
  const { hostContext, logLimitBytes } = execution.job;
  const log = await openIndexedLog({
    path: hostContext.guestLogPath,
    limitBytes: logLimitBytes,
    clock,
    timer: systemTimer,
  });
  return log.ok ? ok(guestLog(execution, log.value)) : log;
}

function guestLog({ masker, observer, job }: JobExecution, log: IndexedLog): GuestLog {
  const masked = { stdout: masker.stream(), stderr: masker.stream() };
  const passOn = (stream: OutputStream, chunk: Uint8Array): Promise<void> => {
    if (chunk.length === 0) return Promise.resolve();
    observer.onOutput(stream, chunk);
    return log.append(stream, chunk);
  };
  return {
    receive: (stream, chunk) => passOn(stream, masked[stream].write(chunk)),
    close: async () => {
      await passOn('stdout', masked.stdout.end());
      await passOn('stderr', masked.stderr.end());
      const closed = await log.close();
      if (!closed.ok) return [describeFailure(closed.error)];
      const { leftOutBytes, totalBytes, indexProblem } = closed.value;
      const limit = formatByteSize(job.logLimitBytes);
      const leftOut = `${leftOutBytes} of ${totalBytes} bytes of output are not in the log: its limit is ${limit}`;
      return [
        ...(leftOutBytes === 0 ? [] : [leftOut]),
        ...(indexProblem === null ? [] : [indexProblem]),
      ];
    },
  };
}
