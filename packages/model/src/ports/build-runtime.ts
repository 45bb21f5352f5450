import type { Environment } from '../config/payload-config.js';
import type { RuntimeId } from '../config/runtime-config.js';
import type { Outcome } from '../failure.js';
import type { PreparedPayload } from './payload-store.js';

/** One named thing that a payload depends on. */
export interface KeyInput {
  readonly name: string;
  readonly value: string;
}

/** A command that builds a payload. Paths are absolute paths of this machine, whatever the build sees them as. */
export interface BuildCommand {
  readonly payloadId: string;
  /** A shell command, run by `sh -c` in the build directory. */
  readonly run: string;
  /** The build directory: it holds the inputs and belongs to the build. */
  readonly workDir: string;
  /** What the build finds as `PIKACI_OUTPUT`: an empty directory. */
  readonly outputDir: string;
  /** Root of the workspace, of whose programs nothing is to be seen. */
  readonly workspaceRoot: string;
  /** Declared variables. The runtime adds its own. */
  readonly env: Environment;
  /** Mounted read-only into the build, each where its manifest says. */
  readonly dependencies: readonly PreparedPayload[];
  readonly timeoutSeconds: number;
  /** Aborted to end it with grace. */
  readonly signal: AbortSignal;
  /** Aborted, never before `signal`, to end it at once, without grace. */
  readonly force: AbortSignal;
  /** What the build prints, as it comes. */
  readonly onOutput: (chunk: Uint8Array) => void;
  /** A line of the runtime's own, without a line end. */
  readonly onLog: (line: string) => void;
}

/** How the command of a build ended. */
export interface BuildEnd {
  readonly ending: 'exited' | 'timed-out' | 'cancelled';
  /** Null when it did not end by itself. */
  readonly exitCode: number | null;
  /** The signal that ended it, if one did. */
  readonly signal: string | null;
}

/**
 * Runs the commands that build payloads. When `run` returns, nothing of the build is running any more, and what it
 * wrote is in the two directories, owned by the user who runs pikaci.
 */
export interface BuildRuntime {
  readonly id: RuntimeId;
  /** What a build's result depends on because it runs here, such as the fingerprint of the image; part of the content key. */
  identify(signal: AbortSignal): Promise<Outcome<readonly KeyInput[]>>;
  /** A failure is one of the machine, never of the command. */
  run(command: BuildCommand): Promise<Outcome<BuildEnd>>;
}
