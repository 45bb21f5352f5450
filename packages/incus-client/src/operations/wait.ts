import { err, ok } from '@pikaci/model';
import type { IncusError, IncusResult, OutcomeUnknownError } from '../incus-error.js';
import { below, lastSegment } from '../transport/api-path.js';
import { exchange, type JsonRequest } from '../transport/call.js';
import type { Connection } from '../transport/connection.js';
import type { Deadline } from '../transport/deadline.js';
import { check } from '../transport/envelope.js';
import { operationSchema, operationStatus, type Operation } from './operation.js';

/** How often a wait that broke off is taken up again; each time the operation is read in between. */
const MAX_INTERRUPTIONS = 3;

/**
 * Waits for an operation's end. To be started as soon as the operation is known: the server forgets operations 5 s
 * after their end, and then answers 404, which means "outcome unknown" and not "failed".
 *
 * @param path the operation's path as the server gave it, query included
 * @param request the request that started the operation, for errors
 */
export async function waitForOperation(
  connection: Connection,
  path: string,
  request: string,
  deadline: Deadline,
): Promise<IncusResult<Operation>> {
  for (let interruptions = 0; ; interruptions++) {
    const waited = await readOperation(connection, below(path, 'wait'), deadline);
    if (waited.ok && isOver(waited.value)) return outcome(waited.value, request);
    if (!waited.ok && endsTheWait(waited.error)) return err({ ...waited.error, request });
    if (!waited.ok && isForgotten(waited.error)) return unknownOutcome(path, request, 'forgotten');
    // A failed operation makes /wait answer with an error frame, as does the end of the server's patience.
    // Only the operation itself tells which.
    const read = await readOperation(connection, path, deadline);
    if (read.ok && isOver(read.value)) return outcome(read.value, request);
    if (!read.ok && endsTheWait(read.error)) return err({ ...read.error, request });
    if (!read.ok && waited.ok) return unknownOutcome(path, request, read.error.message);
    if (!read.ok && !waited.ok) return afterFailedRead(path, request, waited.error, read.error);
    if (interruptions >= MAX_INTERRUPTIONS)
      return unknownOutcome(path, request, 'waiting for it broke off again and again');
  }
}

async function readOperation(
  connection: Connection,
  path: string,
  deadline: Deadline,
): Promise<IncusResult<Operation>> {
  const call: JsonRequest = { method: 'GET', path };
  const answer = await exchange(connection, call, deadline);
  if (!answer.ok) return answer;
  return check(operationSchema, answer.value.envelope.metadata, `GET ${path}`);
}

const isOver = (operation: Operation): boolean => operation.statusCode >= operationStatus.success;

const endsTheWait = (error: IncusError): boolean =>
  error.kind === 'timeout' || error.kind === 'aborted' || error.kind === 'protocol';

const isForgotten = (error: IncusError): boolean =>
  error.kind === 'api' && error.status === 404 && /^Operation not found/i.test(error.message);

function outcome(operation: Operation, request: string): IncusResult<Operation> {
  if (operation.statusCode === operationStatus.success) return ok(operation);
  return failed(
    operation.id,
    operation.statusCode,
    operation.error || operation.description,
    request,
  );
}

function failed(
  operation: string,
  statusCode: number,
  message: string,
  request: string,
): IncusResult<Operation> {
  return err({ kind: 'operation', operation, statusCode, message, request });
}

/** Neither waiting nor reading told the outcome, unless the wait brought the operation's own error first. */
function afterFailedRead(
  path: string,
  request: string,
  waiting: IncusError,
  reading: IncusError,
): IncusResult<Operation> {
  if (waiting.kind === 'api' && isForgotten(reading))
    return failed(lastSegment(path), operationStatus.failure, waiting.message, request);
  return unknownOutcome(path, request, reading.message);
}

/** The error value of an operation nobody can tell the end of. */
export function unknownOutcome(
  path: string,
  request: string,
  why: string,
): { ok: false; error: OutcomeUnknownError } {
  const operation = lastSegment(path);
  const message = `operation ${operation}: ${why}`;
  return { ok: false, error: { kind: 'outcome-unknown', operation, message, request } };
}
