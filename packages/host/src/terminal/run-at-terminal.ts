import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { ok, type Outcome } from '@pikaci/model';
import { startWatchdog } from '../command/watchdog.js';
import { endMarkedProcesses } from '../processes/end-marked-processes.js';
import { systemFailure } from '../system-error.js';

/** A program that a person is to use. */
export interface TerminalCommand {
  readonly command: readonly string[];
  /** Absolute path of an existing directory. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Part of `env`: by them all that the program started is found, and ended, when it is over or this process goes away. */
  readonly marks: Readonly<Record<string, string>>;
  /** Aborted to end it: as when its terminal is closed, and by force when that does not help. */
  readonly signal: AbortSignal;
}

/** How the program ended. */
export interface TerminalEnd {
  /** 128 and the number of the signal when one ended it. */
  readonly exitCode: number;
  /** What it wrote to descriptor 3, on which it may say something that is not for the person. */
  readonly message: string;
}

/** How long a program has to end when its terminal is gone, in ms. */
const graceMs = 2000;

/**
 * Runs a program with the terminal, or whatever else this process has as its standard streams. The program is in the
 * group of this process, which is the one that the terminal listens to: a shell makes a group of its own of that and
 * gives the terminal back at its end. So the keys that send signals are the program's; this process has to be deaf to
 * SIGINT meanwhile. However the program leaves the terminal set, Node sets it at the end of this process as it was at
 * the beginning.
 */
export async function runAtTerminal(spec: TerminalCommand): Promise<Outcome<TerminalEnd>> {
  const [program = '', ...args] = spec.command;
  const watchdog = startWatchdog(spec.marks);
  try {
    const child = spawn(program, args, {
      cwd: spec.cwd,
      env: spec.env,
      stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    });
    const exited = whenExited(child);
    await whenStarted(child);
    if (child.pid !== undefined) watchdog.watch(child.pid);
    const message = text(child.stdio[3] as Readable).catch(() => '');
    const exitCode = await endWith(spec.signal, child, exited);
    await endMarkedProcesses(spec.marks);
    return ok({ exitCode, message: await message });
  } catch (error) {
    return systemFailure(`The command "${program}" could not be started`, error);
  } finally {
    watchdog.dismiss();
  }
}

function whenStarted(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}

function whenExited(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** A shell at a terminal heeds SIGHUP, and not SIGTERM. */
async function endWith(
  signal: AbortSignal,
  child: ChildProcess,
  exited: Promise<number>,
): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    child.kill('SIGHUP');
    timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await exited;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}
