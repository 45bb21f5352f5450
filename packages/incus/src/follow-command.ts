import {
  describeIncusError,
  isNotFound,
  type ExecCommand,
  type IncusClient,
  type IncusError,
} from '@pikaci/incus-client';
import { err, ok, type OutputStream, type Result } from '@pikaci/model';
import { guestFiles } from './guest-files.js';
import type { OutputLog } from './output-log.js';
import { parseEnding, type CommandEnding } from './command-ending.js';
import { supervisorGone } from './supervisor-script.js';

/** Why following a command stopped before the command's own end was seen. */
export type FollowProblem =
  /** The caller's signal. */
  | { readonly kind: 'aborted' }
  /** The instance stopped or vanished, or the server did not come back. */
  | { readonly kind: 'lost'; readonly reason: string };

/** What following a command needs. */
export interface FollowRequest {
  readonly client: IncusClient;
  readonly instance: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: number;
  readonly group: number;
  readonly log: OutputLog;
  readonly signal: AbortSignal;
  readonly onLog: (line: string) => void;
  /** Called whenever the streams are connected: the first time the command has just been started. */
  readonly onStarted: () => void;
  /** Waits before a lost connection is tried again; tests need not wait. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Delays before attaching again, in ms: a daemon that restarts is back within seconds. */
const attachDelaysMs = [50, 200, 500, 1000, 2000, 4000, 8000, 15_000];

/**
 * Starts the job's command and follows its output until its end. A lost connection does not end the command: it is
 * attached to again, from the bytes that are already here.
 */
export async function followCommand(
  request: FollowRequest,
): Promise<Result<CommandEnding, FollowProblem>> {
  let failures = 0;
  const aborted = () => request.signal.aborted;
  while (!aborted()) {
    const before = request.log.received('stdout') + request.log.received('stderr');
    const attached = await attach(request);
    if (attached === supervisorGone)
      return err({ kind: 'lost', reason: 'its supervisor in the guest was killed' });
    if (aborted()) break;
    const ending = await readEnding(request);
    if (ending.ok && ending.value !== null) return ok(ending.value);
    const gone = await instanceGone(request);
    if (gone !== null) return err({ kind: 'lost', reason: gone });
    const progressed = request.log.received('stdout') + request.log.received('stderr') > before;
    failures = progressed ? 0 : failures + 1;
    const delay = attachDelaysMs[failures - (progressed ? 0 : 1)];
    const reason = attached ?? 'the command ended without a result';
    if (delay === undefined) return err({ kind: 'lost', reason });
    request.onLog(`[pikaci] connection to the command lost (${reason}); attaching again`);
    await request.pause(delay, request.signal);
  }
  return err({ kind: 'aborted' });
}

/** One connection to the command; null when it ended as it should, else why it did not. */
async function attach(request: FollowRequest): Promise<string | typeof supervisorGone | null> {
  const { client, instance, log, signal } = request;
  // What arrives after the end would be fetched twice: what is missing then comes from the files.
  let isOpen = true;
  const onChunk = (stream: OutputStream) => (chunk: Buffer) =>
    isOpen ? log.append(stream, chunk) : undefined;
  const ran = await client.exec(instance, followCommandLine(request), {
    signal,
    onStdout: onChunk('stdout'),
    onStderr: onChunk('stderr'),
    onStarted: request.onStarted,
  });
  isOpen = false;
  if (!ran.ok) return describeIncusError(ran.error);
  const { returnCode } = ran.value;
  if (returnCode === supervisorGone) return supervisorGone;
  return returnCode === 0 ? null : `exit ${returnCode}`;
}

function followCommandLine(request: FollowRequest): ExecCommand {
  const { log, environment, user, group } = request;
  const offsets = [log.received('stdout'), log.received('stderr')].map(String);
  const command = ['sh', guestFiles.followScript, ...offsets];
  return { command, environment, user, group, cwd: '/' };
}

/** The ending the supervisor wrote; null when there is none yet. */
async function readEnding(
  request: FollowRequest,
): Promise<Result<CommandEnding | null, IncusError>> {
  const read = await request.client.files.read(request.instance, guestFiles.ending);
  if (!read.ok) return isNotFound(read.error) ? ok(null) : read;
  return ok(read.value.type === 'file' ? parseEnding(read.value.content.toString()) : null);
}

/** Why there is nothing left to attach to; null when the instance runs, or nothing can be told. */
async function instanceGone({ client, instance }: FollowRequest): Promise<string | null> {
  const read = await client.instances.get(instance);
  if (read.ok) {
    return read.value.status === 'Running'
      ? null
      : `the instance is ${read.value.status.toLowerCase()}`;
  }
  return isNotFound(read.error) ? 'the instance does not exist any more' : null;
}
