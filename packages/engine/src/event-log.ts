import {
  formatTimestamp,
  type Clock,
  type Failure,
  type RunEvent,
  type RunWriter,
  type UnstampedRunEvent,
} from '@pikaci/model';
import { guard } from './guard.js';

/** Where events go: to the record first, then to whoever shows them. */
export interface EventLogPorts {
  readonly writer: Pick<RunWriter, 'appendEvent'>;
  readonly clock: Clock;
  readonly onEvent: (event: RunEvent) => void;
  /** Takes out of an event what nobody may see. */
  readonly mask: (event: UnstampedRunEvent) => UnstampedRunEvent;
  /** Told of an event that could not be written. It is shown all the same. */
  readonly onLost: (failed: Failure) => void;
}

/** How often a write is tried: what keeps one from the disk may be over in a moment. */
const attempts = 2;

/**
 * The events of one run. They get their place in the order when they are emitted, and are written in that order: one that
 * could not be written is tried again before the next one, so that no gap is left.
 */
export class EventLog {
  readonly #ports: EventLogPorts;
  #sequence: number;
  #last: Promise<void> = Promise.resolve();
  #unwritten: readonly RunEvent[] = [];

  /** @param last sequence number of the event before the first one */
  constructor(ports: EventLogPorts, last = 0) {
    this.#ports = ports;
    this.#sequence = last;
  }

  /** Resolves when the event is on disk and was shown. */
  emit(event: UnstampedRunEvent): Promise<void> {
    const stamped: RunEvent = {
      ...this.#ports.mask(event),
      sequence: ++this.#sequence,
      time: formatTimestamp(this.#ports.clock.now()),
    };
    this.#last = this.#last.then(() => this.#deliver(stamped));
    return this.#last;
  }

  async #deliver(event: RunEvent): Promise<void> {
    this.#unwritten = [...this.#unwritten, event];
    await this.#write();
    this.#ports.onEvent(event);
  }

  async #write(): Promise<void> {
    for (let turn = 1; this.#unwritten.length > 0; turn += 1) {
      const [event, ...others] = this.#unwritten;
      if (event === undefined) return;
      const written = await guard('writing an event', () => this.#ports.writer.appendEvent(event));
      if (written.ok) {
        this.#unwritten = others;
        turn = 0;
      } else if (turn === attempts) {
        this.#ports.onLost(written.error);
        return;
      }
    }
  }
}
