import type { IncusClient } from '@pikaci/incus-client';
import { endRequestCommand } from './supervisor-script.js';

/** Pauses before the request is made again, in ms, while the server cannot be reached. */
const delaysMs = [100, 500, 1000, 2000];

/** Whom to ask, and for how long. */
export interface EndRequest {
  readonly client: IncusClient;
  readonly instance: string;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Aborted when the command has ended, or nobody waits for that any more. */
  readonly signal: AbortSignal;
}

/** Asks the supervisor in a guest to end its command. Best effort: whoever asks has a deadline of their own. */
export async function endByRequest(request: EndRequest): Promise<void> {
  const { client, instance, pause, signal } = request;
  const command = { command: ['sh', '-c', endRequestCommand], cwd: '/' };
  for (let turn = 0; !signal.aborted; turn += 1) {
    const ran = await client.execRecorded(instance, command, { signal });
    if (ran.ok) return;
    await pause(delaysMs[Math.min(turn, delaysMs.length - 1)] ?? 0, signal);
  }
}
