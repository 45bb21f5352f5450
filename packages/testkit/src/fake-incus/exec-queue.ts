import type { ExecHandler, FakeExec } from './fake-exec.js';

/** Hands each command to the automatic handler, or to the test that waits for it. */
export class ExecQueue {
  handler: ExecHandler | undefined;
  readonly #arrived: FakeExec[] = [];
  readonly #waiting: ((exec: FakeExec) => void)[] = [];

  /** A command starts. */
  offer(exec: FakeExec): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(exec);
    else if (this.handler) void this.#automatic(this.handler, exec);
    else this.#arrived.push(exec);
  }

  /** The next command, in the order they start. A test that waits comes before the automatic handler. */
  next(): Promise<FakeExec> {
    const exec = this.#arrived.shift();
    if (exec) return Promise.resolve(exec);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async #automatic(handler: ExecHandler, exec: FakeExec): Promise<void> {
    try {
      await handler(exec);
    } catch (error) {
      // A handler that breaks must not leave the client waiting for ever.
      exec.refuse(`the test's exec handler failed: ${String(error)}`, 500);
    }
  }
}
