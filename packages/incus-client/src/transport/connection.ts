import { Agent } from 'node:http';
import type { Clock } from '../clock.js';

/** What every call needs to know: the server's socket, the connections to it, the project and the clock. */
export interface Connection {
  readonly socketPath: string;
  /** Keeps connections alive between requests. */
  readonly agent: Agent;
  readonly project: string | undefined;
  readonly clock: Clock;
  /** For how long requests are repeated while another operation keeps the instance busy. */
  readonly busyRetryMs: number;
}

/** The connections are bounded so that many jobs at once cannot exhaust file descriptors; long-polls take one each. */
export function createAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 8 });
}
