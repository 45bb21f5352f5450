import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import {
  systemClock,
  systemTimer,
  type Clock,
  type ShellTerminal,
  type Timer,
} from '@pikaci/model';
import { systemTicker, type Ticker } from '@pikaci/report';
import { localTerminal } from './shell/local-terminal.js';
import type { SignalSource } from './signals/cancel-on-signals.js';

/** A stream that commands write to: standard output or standard error. */
export interface CliOutput {
  write(chunk: string | Uint8Array, written?: (error?: Error | null) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'drain', listener: () => void): unknown;
}

/** The world around the command line; tests bring their own. */
export interface CliIo {
  /** All of standard input, once it has ended. */
  readonly readStdin: () => Promise<string>;
  readonly stdout: CliOutput;
  readonly stderr: CliOutput;
  /** True when standard output is a terminal. */
  readonly stdoutIsTerminal: boolean;
  /** True when standard error is a terminal. */
  readonly stderrIsTerminal: boolean;
  /** The terminal's width at the moment. */
  readonly columns: () => number;
  /** The terminal's height at the moment. */
  readonly rows: () => number;
  /** The terminal of a person, for a shell; not used for anything before that. */
  readonly openTerminal: () => ShellTerminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The user's numeric id; null where there is none. */
  readonly uid: number | null;
  readonly signals: SignalSource;
  /** Ends the process at once. */
  readonly exitNow: (code: number) => void;
  readonly clock: Clock;
  /** For waiting; keeps the process alive. */
  readonly timer: Timer;
  readonly ticker: Ticker;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** Size that is assumed where the terminal does not tell its own. */
const usualColumns = 80;
const usualRows = 24;

/** The real world. A reader of our output that goes away must not end a run, so errors of the streams are heard. */
export function processIo(): CliIo {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => undefined);
    letWritesWait(stream);
  }
  letNoColorWin(process.env);
  return {
    readStdin: () => text(process.stdin),
    stdout: process.stdout,
    stderr: process.stderr,
    stdoutIsTerminal: process.stdout.isTTY,
    stderrIsTerminal: process.stderr.isTTY,
    columns: () => process.stdout.columns || process.stderr.columns || usualColumns,
    rows: () => process.stdout.rows || usualRows,
    openTerminal: localTerminal,
    env: process.env,
    cwd: process.cwd(),
    uid: process.getuid?.() ?? null,
    signals: process,
    exitNow: (code) => process.exit(code),
    clock: systemClock,
    timer: systemTimer,
    ticker: systemTicker,
    randomBytes: (count) => randomBytes(count),
  };
}

/** NO_COLOR wins, and without a warning of Node that it is the other way round. */
function letNoColorWin(env: NodeJS.ProcessEnv): void {
  if ((env['NO_COLOR'] ?? '') !== '') delete env['FORCE_COLOR'];
}

interface WithHandle {
  readonly _handle?: { setBlocking?(blocks: boolean): unknown };
}

/**
 * Lets what is written to a terminal wait in memory when nobody takes it. Node stops the whole process for it instead:
 * with Ctrl-S, or a terminal that is slow, a person who reads would hold up all jobs.
 */
function letWritesWait(stream: NodeJS.WriteStream): void {
  if (stream.isTTY) (stream as WithHandle)._handle?.setBlocking?.(false);
}
