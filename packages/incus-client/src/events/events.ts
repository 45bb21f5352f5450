import { err, ok } from '@pikaci/model';
import type WebSocket from 'ws';
import { z } from 'zod';
import { defaultTimeLimits, type CallOptions } from '../call-options.js';
import type { ConnectionError, IncusResult } from '../incus-error.js';
import { apiPath } from '../transport/api-path.js';
import type { Connection } from '../transport/connection.js';
import { startDeadline } from '../transport/deadline.js';
import { parseJson } from '../transport/envelope.js';
import { connectionError } from '../transport/send.js';
import { openWebSocket } from '../transport/websocket.js';

/** Kinds of events. */
export type EventType = 'lifecycle' | 'operation' | 'logging';

/** Something that happened at the server. */
export interface IncusEvent {
  readonly type: string;
  /** RFC 3339. */
  readonly timestamp: string;
  /** The cluster member it happened on. */
  readonly location: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A subscription under way. */
export interface EventSubscription {
  /** Resolves when no more events come: undefined after `close`, else why. Events missed are not sent again. */
  readonly ended: Promise<ConnectionError | undefined>;
  close(): void;
}

/**
 * Subscribes to events. They are hints: not ordered across operations, dropped for slow listeners, and never repeated;
 * read the objects themselves for the truth.
 */
export type SubscribeToEvents = (
  types: readonly EventType[],
  onEvent: (event: IncusEvent) => void,
  options?: CallOptions,
) => Promise<IncusResult<EventSubscription>>;

const eventSchema: z.ZodType<IncusEvent> = z.object({
  type: z.string(),
  timestamp: z.string().default(''),
  location: z.string().default(''),
  metadata: z.record(z.string(), z.unknown()).default({}),
});

/** Subscriptions to one server's and project's events. The signal and time limit given are those of connecting. */
export function createSubscribeToEvents(connection: Connection): SubscribeToEvents {
  return async (types, onEvent, options = {}) => {
    const request = 'GET /1.0/events';
    const deadline = startDeadline(options, defaultTimeLimits.request);
    const socket = openWebSocket(connection, apiPath('events'), { type: types.join(',') });
    const subscription = follow(socket, onEvent, request);
    deadline.signal.addEventListener('abort', () => subscription.close(), { once: true });
    const opened = new Promise<true>((resolve) => socket.once('open', () => resolve(true)));
    const first = await Promise.race([opened, subscription.ended]);
    deadline.dispose();
    if (first === true) return ok(subscription);
    return err(deadline.failure(request) ?? first ?? streamEnded(request));
  };
}

function follow(
  socket: WebSocket,
  onEvent: (event: IncusEvent) => void,
  request: string,
): EventSubscription {
  let closing = false;
  let last: ConnectionError | undefined;
  socket.on('message', (data: Buffer) => {
    const event = eventSchema.safeParse(parseJson(data));
    if (event.success) onEvent(event.data);
  });
  socket.on('error', (cause) => (last = connectionError(request, cause)));
  const ended = new Promise<ConnectionError | undefined>((resolve) => {
    socket.once('close', () => resolve(closing ? undefined : (last ?? streamEnded(request))));
  });
  const close = (): void => {
    closing = true;
    socket.terminate();
  };
  return { ended, close };
}

function streamEnded(request: string): ConnectionError {
  const message = 'the server ended the stream of events';
  return { kind: 'connection', code: 'CLOSED', message, request, maybeReceived: true };
}
