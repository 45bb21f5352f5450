import type { CallOptions } from '../call-options.js';
import type { IncusResult } from '../incus-error.js';
import type { ChunkSink } from '../transport/read-body.js';
import type { ExecCommand, ExecTerminalSize } from './exec-command.js';

/** A handle on a running command. */
export interface ExecControl {
  /** Sends a signal (15 for SIGTERM…) to the command's first process; its children do not get it. */
  signal(number: number): void;
}

/** What is connected to a command's streams. */
export interface ExecStreams {
  /** What the command reads; without it, nothing: it sees the end of file at once. */
  readonly stdin?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** When it returns a promise, no more is read from the connection until that resolves. */
  readonly onStdout?: ChunkSink | undefined;
  readonly onStderr?: ChunkSink | undefined;
  /** Called when the streams are connected and the command runs. */
  readonly onStarted?: ((control: ExecControl) => void) | undefined;
}

/** How to execute: streams, signal, time limit. Without `timeoutMs` a command may run for ever. */
export interface ExecOptions extends CallOptions, ExecStreams {}

/** A handle on a running command with a terminal. */
export interface InteractiveControl extends ExecControl {
  /** Tells the command's terminal its new size. */
  resize(size: ExecTerminalSize): void;
}

/** How to execute a command with a terminal. */
export interface InteractiveExecOptions extends CallOptions {
  readonly size: ExecTerminalSize;
  /** What is typed. Its end means nothing to the command: that of a terminal is a key (Ctrl-D). */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  /** All that the command prints. When it returns a promise, no more is read until that resolves. */
  readonly onOutput?: ChunkSink | undefined;
  /** Called when the terminal is connected and the command runs. */
  readonly onStarted?: ((control: InteractiveControl) => void) | undefined;
}

/** A command that ended. */
export interface ExecResult {
  /** The exit status, or 128 + signal. See `mayMeanInstanceGone` for 137 and 129. */
  readonly returnCode: number;
  /** False when a stream ended without its end mark, so that output may be missing. */
  readonly outputComplete: boolean;
}

/** A command that ended, with what it wrote. */
export interface RecordedExecResult {
  readonly returnCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/**
 * Executes a command with its streams over websockets, and waits for its end. When the connection is lost, the time
 * limit passes or the signal is aborted, Incus kills the command's first process only: what it started may live on
 * until the instance is stopped.
 */
export type Exec = (
  instance: string,
  command: ExecCommand,
  options?: ExecOptions,
) => Promise<IncusResult<ExecResult>>;

/** Executes a command with a terminal of its own in the guest. Otherwise as `Exec`. */
export type ExecInteractive = (
  instance: string,
  command: ExecCommand,
  options: InteractiveExecOptions,
) => Promise<IncusResult<ExecResult>>;

/** Executes a short command and gives its whole output, which the server keeps in files until it was fetched. */
export type ExecRecorded = (
  instance: string,
  command: ExecCommand,
  options?: CallOptions,
) => Promise<IncusResult<RecordedExecResult>>;
