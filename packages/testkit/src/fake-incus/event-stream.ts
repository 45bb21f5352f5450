import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { FakeEvent, World } from './world.js';

/** Sends events to whoever subscribes. */
export class EventStream {
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Connects a subscriber to events of some types. */
  connect(types: readonly string[], request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (subscriber) => {
      const listener = ({ type, metadata }: FakeEvent): void => {
        const event = { type, timestamp: '2026-01-01T00:00:00Z', location: 'none', metadata };
        if (types.includes(type)) subscriber.send(JSON.stringify(event));
      };
      this.#world.listeners.add(listener);
      subscriber.on('error', () => undefined);
      subscriber.on('close', () => this.#world.listeners.delete(listener));
    });
  }
}
