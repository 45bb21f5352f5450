import { ok } from '@pikaci/model';
import { defaultTimeLimits, type CallOptions } from '../call-options.js';
import { isInstanceBusy } from '../error-causes.js';
import type { IncusResult } from '../incus-error.js';
import { exchange, prepare, type JsonRequest } from '../transport/call.js';
import type { Connection } from '../transport/connection.js';
import { startDeadline, type Deadline } from '../transport/deadline.js';
import { nameRequest } from '../transport/send.js';
import type { Operation } from './operation.js';
import { waitForOperation } from './wait.js';

/** The first pause before a busy instance is tried again; it doubles up to the last. Measured: busy lasts 0.5 to 1 s. */
const FIRST_PAUSE_MS = 50;
const LAST_PAUSE_MS = 1_000;

/** Sends a request that starts an operation, and waits for its end. Requests answered at once are fine, too. */
export async function runOperation(
  connection: Connection,
  call: JsonRequest,
  options: CallOptions,
): Promise<IncusResult<Operation | undefined>> {
  const deadline = startDeadline(options, defaultTimeLimits.operation);
  try {
    return await runOnce(connection, call, deadline);
  } finally {
    deadline.dispose();
  }
}

/**
 * Like {@link runOperation}, and repeats it while Incus says that the instance is busy with another operation, as it
 * does for about a second after a failed start, also when the instance was deleted and its name is to be used again.
 * Such a refusal had no effect, so repeating is safe.
 */
export async function runWhenIdle(
  connection: Connection,
  call: JsonRequest,
  options: CallOptions,
): Promise<IncusResult<Operation | undefined>> {
  const { clock, busyRetryMs } = connection;
  const deadline = startDeadline(options, defaultTimeLimits.operation);
  const giveUpAt = clock.now() + busyRetryMs;
  try {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LAST_PAUSE_MS)) {
      const result = await runOnce(connection, call, deadline);
      const retry = !result.ok && isInstanceBusy(result.error) && clock.now() + pause <= giveUpAt;
      if (!retry) return result;
      await clock.sleep(pause, deadline.signal);
    }
  } finally {
    deadline.dispose();
  }
}

async function runOnce(
  connection: Connection,
  call: JsonRequest,
  deadline: Deadline,
): Promise<IncusResult<Operation | undefined>> {
  const answer = await exchange(connection, call, deadline);
  if (!answer.ok) return answer;
  const { envelope } = answer.value;
  if (envelope.type === 'sync') return ok(undefined);
  const request = nameRequest(prepare(connection, { ...call, body: undefined, json: undefined }));
  return waitForOperation(connection, envelope.operation, request, deadline);
}

/** For operations of which only the success matters. */
export function withoutValue(result: IncusResult<unknown>): IncusResult<void> {
  return result.ok ? ok(undefined) : result;
}
