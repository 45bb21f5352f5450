/** Why a command ended, as its supervisor saw it. */
export type EndingReason = 'exited' | 'cancelled' | 'timeout';

/** How the command ended, as the supervisor wrote it. */
export interface CommandEnding {
  readonly exitCode: number;
  readonly stdout: StreamEnding;
  readonly stderr: StreamEnding;
  /** `exited`: by itself. Otherwise it had been asked to end before it did. */
  readonly reason: EndingReason;
}

/** Length and, where the guest could make it, sha256 of one output file. */
export interface StreamEnding {
  readonly sizeBytes: number;
  readonly sha256: string | null;
}

/** Reads the file `ending`; null when it does not hold what the supervisor writes. */
export function parseEnding(text: string): CommandEnding | null {
  const [status, stdoutSize, stderrSize, stdoutDigest, stderrDigest, reason] = text.split('\n');
  const numbers = [status, stdoutSize, stderrSize].map((line) =>
    line !== undefined && /^\d+$/.test(line) ? Number(line) : null,
  );
  const [exitCode, stdoutBytes, stderrBytes] = numbers;
  if (exitCode == null || stdoutBytes == null || stderrBytes == null) return null;
  if (reason !== 'exited' && reason !== 'cancelled' && reason !== 'timeout') return null;
  return {
    exitCode,
    stdout: { sizeBytes: stdoutBytes, sha256: digestOrNull(stdoutDigest) },
    stderr: { sizeBytes: stderrBytes, sha256: digestOrNull(stderrDigest) },
    reason,
  };
}

function digestOrNull(line: string | undefined): string | null {
  return line !== undefined && /^[0-9a-f]{64}$/.test(line) ? line : null;
}
