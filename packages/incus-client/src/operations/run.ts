import { ok } from '@pikaci/model';
import { defaultTimeLimits, type CallOptions } from '../call-options.js';
import { isInstanceBusy } from '../error-causes.js';
import type { IncusResult } from '../incus-error.js';
import { exchange, prepare, type JsonRequest } from '../transport/call.js';
import type { Connection } from '../transport/connection.js';
import { startDeadline, type Deadline } from '../transport/deadline.js';
import { nameRequest } from '../transport/send.js';
import type { Operation } from './operation.js';
import { repeatWhile } from './repeat-while.js';
import { waitForOperation } from './wait.js';

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
 * does for about a second after a failed start. Such a refusal had no effect, so repeating is safe.
 */
export async function runWhenIdle(
  connection: Connection,
  call: JsonRequest,
  options: CallOptions,
): Promise<IncusResult<Operation | undefined>> {
  const deadline = startDeadline(options, defaultTimeLimits.operation);
  try {
    return await repeatWhile(
      connection,
      (result) => !result.ok && isInstanceBusy(result.error),
      () => runOnce(connection, call, deadline),
      deadline.signal,
    );
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
