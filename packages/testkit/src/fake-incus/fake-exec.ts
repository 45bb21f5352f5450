import type { FakeInstance } from './fake-instance.js';

/** A command as the client asked for it. */
export interface FakeExecRequest {
  readonly instance: string;
  readonly project: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly user: number | undefined;
  readonly group: number | undefined;
  /** Whether its output is kept by the server instead of streamed. */
  readonly recorded: boolean;
  /** The size of its terminal, in characters; null: it has none. */
  readonly terminal: FakeTerminalSize | null;
}

/** How large a terminal is, in characters. */
export interface FakeTerminalSize {
  readonly width: number;
  readonly height: number;
}

/** Where a command's output and end go; how, depends on what the client asked for. */
export interface ExecSink {
  write(stream: 'stdout' | 'stderr', chunk: Buffer): void;
  /** The command ended. */
  exited(returnCode: number): void;
  /** The command could not be executed. */
  refused(message: string, status: number): void;
  /** The connections are cut without end mark; the operation goes on. */
  dropped(): void;
}

/** Why a command has to end: its instance stopped, or its client's connections are gone. */
export type KillReason = 'instance-stopped' | 'client-gone';

/** A command under way in a fake instance, driven by the test. */
export class FakeExec {
  readonly request: FakeExecRequest;
  readonly instance: FakeInstance;
  /** Signals the client sent. */
  readonly signals: number[] = [];
  /** Resolves when the command has to end. */
  readonly killed: Promise<KillReason>;
  /** Resolves to all of the input, at its end. */
  readonly stdin: Promise<Buffer>;
  /** Called with each piece of input, also those that have come before. */
  #onInput: ((chunk: Buffer) => void) | undefined;
  /** Called with each new size of the terminal. */
  onResize: ((size: FakeTerminalSize) => void) | undefined;
  /** Called with each signal the client sends. */
  onSignal: ((signal: number) => void) | undefined;
  readonly #sink: ExecSink;
  readonly #input: Buffer[] = [];
  #over = false;
  #endInput: (input: Buffer) => void = () => undefined;
  #kill: (reason: KillReason) => void = () => undefined;

  constructor(request: FakeExecRequest, instance: FakeInstance, sink: ExecSink) {
    this.request = request;
    this.instance = instance;
    this.#sink = sink;
    this.stdin = new Promise((resolve) => (this.#endInput = resolve));
    this.killed = new Promise((resolve) => (this.#kill = resolve));
    instance.execs.add(this);
  }

  /** Whether it ended. */
  get over(): boolean {
    return this.#over;
  }

  /** The command writes to standard output. */
  stdout(chunk: string | Uint8Array): this {
    if (!this.#over) this.#sink.write('stdout', Buffer.from(chunk));
    return this;
  }

  /** The command writes to standard error. */
  stderr(chunk: string | Uint8Array): this {
    if (!this.#over) this.#sink.write('stderr', Buffer.from(chunk));
    return this;
  }

  /** The command ends. */
  exit(returnCode: number): void {
    this.#finish(() => this.#sink.exited(returnCode));
  }

  /** Incus could not execute the command, for example `Command not found` (400). */
  refuse(message: string, status = 400): void {
    this.#finish(() => this.#sink.refused(message, status));
  }

  /** Cuts the connections in the middle, without any end mark; the command goes on. */
  drop(): void {
    this.#sink.dropped();
  }

  /** A piece of input arrived; undefined at its end. */
  receive(chunk: Buffer | undefined): void {
    if (chunk) {
      this.#input.push(chunk);
      this.#onInput?.(chunk);
    } else this.#endInput(Buffer.concat(this.#input));
  }

  /** Hears the input as it comes. */
  hearInput(listener: (chunk: Buffer) => void): void {
    this.#onInput = listener;
    for (const chunk of this.#input) listener(chunk);
  }

  /** The client's terminal has a new size. */
  receiveSize(size: FakeTerminalSize): void {
    this.onResize?.(size);
  }

  /** The client sent a signal. */
  receiveSignal(signal: number): void {
    this.signals.push(signal);
    this.onSignal?.(signal);
  }

  /** The instance stopped or the client went away: Incus kills the command, and its return code is 137. */
  kill(reason: KillReason): void {
    this.#kill(reason);
    this.receive(undefined);
    this.exit(137);
  }

  #finish(end: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.instance.execs.delete(this);
    end();
  }
}

/** Plays the guest's part for each command. */
export type ExecHandler = (exec: FakeExec) => void | Promise<void>;
