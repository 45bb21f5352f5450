import type { PlannedJob } from '../plan.js';
import type { PreparedPayload } from './payload-store.js';
import type { OutputStream } from './runtime.js';
import type { JobSecretValue } from './secrets.js';

/** How large a terminal is, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a person sits at. A runtime whose processes are this machine's own hands over the descriptors of pikaci instead. */
export interface ShellTerminal {
  /** False when what is typed comes from a file or a pipe: then there is nothing to resize, and input has an end. */
  readonly isTerminal: boolean;
  size(): TerminalSize;
  /** Hears of a new size; returns how to stop hearing. */
  onResize(listener: () => void): () => void;
  /** What is typed. Ends with the input, and when that is closed. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Nobody wants any more of it. */
  closeInput(): void;
  /** Resolves when it is written, so that output does not pile up in memory. */
  write(stream: OutputStream, chunk: Uint8Array): Promise<void>;
  /** Has every key passed on as it is, Ctrl-C included; returns how to have it as before. Does nothing without a terminal. */
  passKeys(): () => void;
}

/** A shell in what a job had: its working tree as it began, its mounts, its environment. */
export interface ShellRequest {
  readonly runId: string;
  readonly job: PlannedJob;
  /** One for each of `job.hostContext.stagedPayloadMounts`, in the same order. */
  readonly payloads: readonly PreparedPayload[];
  /** The attempt whose place it is. */
  readonly attempt: number;
  /** One for each of `job.secrets`, in the same order; fewer where they cannot be had. */
  readonly secrets: readonly JobSecretValue[];
  /** Program and arguments; null: a shell to type at. */
  readonly command: readonly string[] | null;
  /** Which shell is tried first; null: none before those that are usually there. */
  readonly shell: string | null;
  /** Where it starts, relative to the working tree; null: at its root. */
  readonly directory: string | null;
  /** The image that the job had; null when that is not known. */
  readonly imageFingerprint: string | null;
  /** The instance that the job had: when it was kept, the shell is opened in it. */
  readonly instance: string | null;
  readonly terminal: ShellTerminal;
  /** Aborted to end the shell, and all that it started. */
  readonly signal: AbortSignal;
  /** Hears what differs from what the job had, and what went wrong. */
  onNote(line: string): void;
  /** Called right before the shell starts: with the command of the job, its references resolved. */
  onOpen(jobCommand: string): void;
}

/** A shell that has ended, and of which nothing is left but what could not be removed. */
export interface ShellEnd {
  /** 128 and the number of the signal when one ended it. */
  readonly exitCode: number;
  /** What is still there, and why. */
  readonly left: readonly string[];
}
