/** A command to execute in an instance. */
export interface ExecCommand {
  /** Program and arguments; no shell takes part unless it is named here. */
  readonly command: readonly string[];
  /** Added to Incus' own (`PATH`, `HOME`, `USER`, `LANG`) and to the instance's `environment.*` keys. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** Default: `/root`. Incus ignores a directory that does not exist. */
  readonly cwd?: string | undefined;
  /** Numeric: Incus does not read the guest's `/etc/passwd`. Default: 0. */
  readonly user?: number | undefined;
  readonly group?: number | undefined;
}

/** The body of an exec request without a terminal. */
export function execBody(command: ExecCommand, how: 'websockets' | 'record-output'): object {
  return {
    ...command,
    interactive: false,
    ...(how === 'websockets' ? { 'wait-for-websocket': true } : { 'record-output': true }),
  };
}

/** How large the terminal of a command is, in characters. */
export interface ExecTerminalSize {
  readonly width: number;
  readonly height: number;
}

/** The body of an exec request for a command with a terminal. */
export function interactiveBody(command: ExecCommand, size: ExecTerminalSize): object {
  return { ...command, ...size, interactive: true, 'wait-for-websocket': true };
}

/** The return code of an instance that was stopped under a command (containers), and of a command that got SIGKILL. */
export const RETURN_CODE_KILLED = 137;

/** The return code of a VM that was stopped under a command. */
export const RETURN_CODE_DISCONNECTED = 129;

/**
 * Whether a return code may mean that the instance went away rather than that the command failed: look at the instance
 * before calling it a failure of the command.
 */
export function mayMeanInstanceGone(returnCode: number): boolean {
  return returnCode === RETURN_CODE_KILLED || returnCode === RETURN_CODE_DISCONNECTED;
}
