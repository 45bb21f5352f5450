import type { Readable } from 'node:stream';

/** Receives bytes as they come. A returned promise holds the command's output back until it is settled. */
export type ChunkConsumer = (chunk: Uint8Array) => void | Promise<void>;

/** A command to run, without a shell. */
export interface CommandSpec {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** Absolute path of an existing directory. */
  readonly cwd: string;
  /** The environment: all of it, unless `extendEnv` is set. Absent: that of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Adds `env` to the environment of this process. */
  readonly extendEnv?: boolean;
  /** What the command reads; without it its standard input is empty. A stream may go on while the command runs. */
  readonly stdin?: Uint8Array | string | Readable;
  readonly timeoutSeconds?: number;
  /** Time between SIGTERM and SIGKILL. 5 unless set, as long as a shell script needs to tidy up. */
  readonly graceSeconds?: number;
  readonly signal?: AbortSignal;
  /** Aborted: the group is ended by force at once, also one that was asked to end and still has time. */
  readonly force?: AbortSignal;
  /**
   * Ends the command when this process goes away, whatever ends it: its group, and on Linux all processes whose
   * environment holds these variables. They must be in `env`.
   */
  readonly endWithUs?: { readonly marks: Readonly<Record<string, string>> };
  readonly onStdout?: ChunkConsumer;
  readonly onStderr?: ChunkConsumer;
  /** Hears the process id, which is the id of the process group as well. */
  readonly observeSpawn?: (pid: number) => void;
}

/** Why a command is over. */
export type CommandEnding = 'exited' | 'signalled' | 'timed-out' | 'aborted';

/** How a command that could be started ended. */
export interface CommandResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** Name of the signal that ended it, e.g. `SIGKILL`. */
  readonly signal: string | null;
  readonly ending: CommandEnding;
  /** Until the whole process group was gone and its output read, by the monotonic clock. */
  readonly durationMs: number;
}
