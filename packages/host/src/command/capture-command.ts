import { fail, ok, type Outcome } from '@pikaci/model';
import type { ChunkConsumer, CommandResult, CommandSpec } from './command-spec.js';
import { runCommand } from './run-command.js';

/** Most that is kept of a command's output, unless told otherwise: enough for the file list of a large workspace. */
const defaultMaxBytes = 64 * 1024 * 1024;

/** A command whose output is wanted as a whole. */
export interface CaptureSpec extends Omit<CommandSpec, 'onStderr'> {
  /** Takes standard output as it comes; then nothing of it is kept, and it has no limit. */
  readonly onStdout?: ChunkConsumer;
  /** Limit for each of the two streams, in bytes. 64 MiB unless set. */
  readonly maxBytes?: number;
}

/** How a command ended, and all it wrote. */
export interface CapturedCommand extends CommandResult {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** Runs a command as `runCommand` does and keeps its output. More output than the limit is a failure. */
export async function captureCommand(spec: CaptureSpec): Promise<Outcome<CapturedCommand>> {
  const maxBytes = spec.maxBytes ?? defaultMaxBytes;
  const overflow = new AbortController();
  const signals = spec.signal === undefined ? [] : [spec.signal];
  const stdout = collector(maxBytes, overflow);
  const stderr = collector(maxBytes, overflow);
  const result = await runCommand({
    ...spec,
    signal: AbortSignal.any([...signals, overflow.signal]),
    onStdout: spec.onStdout ?? stdout.consume,
    onStderr: stderr.consume,
  });
  if (!result.ok) return result;
  if (overflow.signal.aborted) {
    return fail('infrastructure', `The command "${spec.command[0] ?? ''}" printed too much`, {
      reason: `more than ${maxBytes} bytes`,
      hint: 'Stream its output to a file instead of keeping it in memory.',
    });
  }
  return ok({ ...result.value, stdout: stdout.bytes(), stderr: stderr.bytes() });
}

interface Collector {
  readonly consume: ChunkConsumer;
  readonly bytes: () => Buffer;
}

function collector(maxBytes: number, overflow: AbortController): Collector {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    consume: (chunk) => {
      length += chunk.length;
      if (length > maxBytes) overflow.abort();
      else chunks.push(chunk);
    },
    bytes: () => Buffer.concat(chunks),
  };
}
