import { formatTimestamp, guestResultCodec, guestStatusCodec, type Clock } from '@pikaci/model';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How a job's command ended, for the files of the guest contract. */
export interface CommandResult {
  readonly passed: boolean;
  readonly exitCode: number | null;
  readonly message: string;
  readonly startedAt: Date;
}

/**
 * Writes the files of the guest contract, which an image without a runner of its own cannot write: `result.json`,
 * `status.json` and `events.jsonl` in the job's artifacts directory.
 */
export async function writeResultFiles(
  artifactsDir: string,
  result: CommandResult,
  clock: Clock,
): Promise<void> {
  const now = formatTimestamp(clock.now());
  const state = result.passed ? 'completed' : 'failed';
  const events = [
    { event: 'started', time: formatTimestamp(result.startedAt) },
    { event: state, time: now, exit_code: result.exitCode, message: result.message },
  ];
  await Promise.all([
    writeJson(
      join(artifactsDir, 'result.json'),
      guestResultCodec.encode({
        schemaVersion: 1,
        status: state,
        finishedAt: now,
        message: result.message,
        exitCode: result.exitCode,
      }),
    ),
    writeJson(
      join(artifactsDir, 'status.json'),
      guestStatusCodec.encode({ schemaVersion: 1, state, updatedAt: now, message: result.message }),
    ),
    writeFile(
      join(artifactsDir, 'events.jsonl'),
      events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    ),
  ]);
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
