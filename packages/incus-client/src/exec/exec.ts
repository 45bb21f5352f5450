import { err, ok } from '@pikaci/model';
import { z } from 'zod';
import { defaultTimeLimits } from '../call-options.js';
import type { IncusResult } from '../incus-error.js';
import { operationSchema, type Operation } from '../operations/operation.js';
import { unknownOutcome, waitForOperation } from '../operations/wait.js';
import { apiPath } from '../transport/api-path.js';
import { call } from '../transport/call.js';
import type { Connection } from '../transport/connection.js';
import { startDeadline, type Deadline } from '../transport/deadline.js';
import { check } from '../transport/envelope.js';
import type { CallOptions } from '../call-options.js';
import type { Exec, ExecInteractive, ExecResult } from './exec-api.js';
import { execBody, interactiveBody, mayMeanInstanceGone } from './exec-command.js';
import { closedEarly } from './exec-socket.js';
import { connectExec, connectTerminal, type ExecSockets } from './exec-sockets.js';
import { withinMs } from './within-ms.js';

/** After a stream is lost: how long the operation may take to tell an outcome that does not come from the loss. */
const LOSS_GRACE_MS = 1_000;

/** After the operation's end: how long its streams may take to deliver what is under way. */
const DRAIN_MS = 5_000;

const streams = z.object({
  fds: z.object({ '0': z.string(), '1': z.string(), '2': z.string(), control: z.string() }),
});
const terminal = z.object({ fds: z.object({ '0': z.string(), control: z.string() }) });

/** Executes commands with streams over websockets. */
export function createExec(connection: Connection): Exec {
  return (instance, command, options = {}) =>
    withinLimits(connection, options, {
      path: apiPath('instances', instance, 'exec'),
      body: execBody(command, 'websockets'),
      started: streams,
      connect: (operation, { fds }, request) =>
        connectExec(connection, operation, fds, options, request),
      onStarted: options.onStarted,
    });
}

/** Executes commands with a terminal over websockets. */
export function createExecInteractive(connection: Connection): ExecInteractive {
  return (instance, command, options) =>
    withinLimits(connection, options, {
      path: apiPath('instances', instance, 'exec'),
      body: interactiveBody(command, options.size),
      started: terminal,
      connect: (operation, { fds }, request) =>
        connectTerminal(connection, operation, fds, options, request),
      onStarted: options.onStarted,
    });
}

/** A way to execute: with streams, or with a terminal. */
interface Way<Started, Control> {
  readonly path: string;
  readonly body: object;
  /** What the operation's metadata must have. */
  readonly started: z.ZodType<Started>;
  readonly connect: (
    operation: string,
    started: Started,
    request: string,
  ) => Promise<IncusResult<ExecSockets<Control>>>;
  readonly onStarted: ((control: Control) => void) | undefined;
}

async function withinLimits<Started, Control>(
  connection: Connection,
  options: CallOptions,
  way: Way<Started, Control>,
): Promise<IncusResult<ExecResult>> {
  const deadline = startDeadline(options, undefined);
  try {
    return await exec(connection, way, deadline);
  } finally {
    deadline.dispose();
  }
}

/** One command under way. */
interface Running {
  readonly request: string;
  readonly path: string;
  /** The operation's end. */
  readonly ended: Promise<IncusResult<Operation>>;
}

async function exec<Started, Control>(
  connection: Connection,
  way: Way<Started, Control>,
  deadline: Deadline,
): Promise<IncusResult<ExecResult>> {
  const { path } = way;
  const request = `POST ${path}`;
  const body = { method: 'POST', path, json: way.body } as const;
  const answer = await call(connection, body, { signal: deadline.signal });
  if (!answer.ok) return err(deadline.failure(request) ?? answer.error);
  const { envelope } = answer.value;
  if (envelope.type !== 'async')
    return err({ kind: 'protocol', request, message: 'no operation was started' });
  const operation = check(operationSchema, envelope.metadata, request);
  if (!operation.ok) return operation;
  const started = check(way.started, operation.value.metadata, request);
  if (!started.ok) return started;

  const giveUp = new AbortController();
  const waiting = startDeadline({ signal: giveUp.signal }, undefined);
  const ended = waitForOperation(connection, envelope.operation, request, waiting);
  const running: Running = { request, path: envelope.operation, ended };
  const connecting = way.connect(envelope.operation, started.value, request);
  try {
    return await follow(running, connecting, way.onStarted, deadline);
  } finally {
    giveUp.abort();
    waiting.dispose();
    void connecting.then((sockets) => sockets.ok && sockets.value.close());
  }
}

async function follow<Control>(
  running: Running,
  connecting: Promise<IncusResult<ExecSockets<Control>>>,
  onStarted: ((control: Control) => void) | undefined,
  deadline: Deadline,
): Promise<IncusResult<ExecResult>> {
  const { request, ended } = running;
  const givenUp = aborted(deadline.signal);
  const limit = defaultTimeLimits.execConnect;
  const sockets = await Promise.race([withinMs(connecting, limit), givenUp]);
  const failure = deadline.failure(request);
  if (failure) return err(failure);
  if (!sockets) {
    const message = 'connecting the streams of the command';
    return err({ kind: 'timeout', timeoutMs: limit, request, message });
  }
  // Refused sockets mostly mean that the operation failed; then its own words are the ones to show.
  if (!sockets.ok) return (await ownFailure(ended)) ?? sockets;

  onStarted?.(sockets.value.control);
  const { lost, ends } = sockets.value;
  const inputFailed = failureOf(sockets.value.feed());
  const first = await Promise.race([
    ended.then(() => 'ended' as const),
    lost.then(() => 'lost' as const),
    inputFailed,
    givenUp,
  ]);
  if (first === 'ended') return finish(await ended, running, ends);
  if (first === 'lost') return afterLoss(running);
  if (first instanceof Error)
    return err({ kind: 'aborted', request, message: `reading its input failed: ${first.message}` });
  return err(deadline.failure(request) ?? { kind: 'aborted', request, message: 'given up' });
}

/** The operation ended: collects what its streams still deliver. */
async function finish(
  ended: IncusResult<Operation>,
  running: Running,
  ends: ExecSockets['ends'],
): Promise<IncusResult<ExecResult>> {
  if (!ended.ok) return ended;
  const { metadata, error } = ended.value;
  const returnCode = metadata['return'];
  // A member of a cluster that died under the command: success, but no return code.
  if (typeof returnCode !== 'number')
    return unknownOutcome(running.path, running.request, error || 'it ended without a return code');
  const streams = await withinMs(ends, DRAIN_MS);
  return ok({ returnCode, outputComplete: streams?.every((end) => end === 'complete') ?? false });
}

/**
 * A stream was lost. Incus kills a command whose streams are gone, so a return code of "killed" would be the loss's own
 * work; any other one is true, and only output is missing.
 */
async function afterLoss(running: Running): Promise<IncusResult<ExecResult>> {
  const lost = err(closedEarly(running.request));
  const ended = await withinMs(running.ended, LOSS_GRACE_MS);
  if (!ended) return lost;
  if (!ended.ok) return ended.error.kind === 'operation' ? ended : lost;
  const returnCode = ended.value.metadata['return'];
  if (typeof returnCode !== 'number' || mayMeanInstanceGone(returnCode)) return lost;
  return ok({ returnCode, outputComplete: false });
}

async function ownFailure(
  ended: Promise<IncusResult<Operation>>,
): Promise<IncusResult<never> | undefined> {
  const result = await withinMs(ended, LOSS_GRACE_MS);
  return result && !result.ok && result.error.kind === 'operation' ? result : undefined;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** Resolves to the error of a promise that fails; never when it succeeds. */
function failureOf(work: Promise<void>): Promise<Error> {
  return new Promise((resolve) => {
    work.catch((cause: unknown) => {
      resolve(cause instanceof Error ? cause : new Error(String(cause)));
    });
  });
}
