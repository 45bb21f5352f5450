import { openLimitedLog, type LimitedLog } from '@pikaci/host';
import {
  describeFailure,
  formatByteSize,
  ok,
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
export async function openGuestLog(execution: JobExecution): Promise<Outcome<GuestLog>> {
  const { hostContext, logLimitBytes } = execution.job;
  const log = await openLimitedLog(hostContext.guestLogPath, logLimitBytes);
  return log.ok ? ok(guestLog(execution, log.value)) : log;
}

function guestLog({ masker, observer, job }: JobExecution, log: LimitedLog): GuestLog {
  const masked = { stdout: masker.stream(), stderr: masker.stream() };
  const passOn = (stream: OutputStream, chunk: Uint8Array): Promise<void> => {
    if (chunk.length === 0) return Promise.resolve();
    observer.onOutput(stream, chunk);
    return log.append(chunk);
  };
  return {
    receive: (stream, chunk) => passOn(stream, masked[stream].write(chunk)),
    close: async () => {
      await passOn('stdout', masked.stdout.end());
      await passOn('stderr', masked.stderr.end());
      const closed = await log.close();
      if (!closed.ok) return [describeFailure(closed.error)];
      const { leftOutBytes, totalBytes } = closed.value;
      if (leftOutBytes === 0) return [];
      const limit = formatByteSize(job.logLimitBytes);
      return [
        `${leftOutBytes} of ${totalBytes} bytes of output are not in the log: its limit is ${limit}`,
      ];
    },
  };
}
