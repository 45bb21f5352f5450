import { EventEmitter } from 'node:events';
import { systemTimer, type ShellTerminal } from '@pikaci/model';
import type { CliIo } from './io.js';

/** An output that keeps what is written to it. */
export class CapturedOutput extends EventEmitter {
  readonly chunks: Buffer[] = [];

  write(chunk: string | Uint8Array, written?: (error?: Error | null) => void): boolean {
    this.chunks.push(Buffer.from(chunk));
    written?.();
    return true;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return this.bytes.toString();
  }
}

/** A world for the command line that a test can look at. */
export interface CapturedIo extends CliIo {
  readonly stdout: CapturedOutput;
  readonly stderr: CapturedOutput;
  readonly signals: EventEmitter;
  /** Codes with which the process was to be ended at once. */
  readonly exits: readonly number[];
}

/** What there is without a terminal: no input, and output that goes nowhere. */
const noTerminal: ShellTerminal = {
  isTerminal: false,
  size: () => ({ columns: 80, rows: 24 }),
  onResize: () => () => undefined,
  input: (async function* () {})(),
  closeInput: () => undefined,
  write: () => Promise.resolve(),
  passKeys: () => () => undefined,
};

/** A world without terminal, environment or signals, but for what is given. */
export function capturedIo(given: Partial<CliIo> = {}): CapturedIo {
  const exits: number[] = [];
  return {
    readStdin: () => Promise.resolve(''),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    columns: () => 80,
    rows: () => 24,
    openTerminal: () => noTerminal,
    env: {},
    cwd: '/',
    uid: null,
    exitNow: (code) => exits.push(code),
    clock: { now: () => new Date(), monotonicMs: () => performance.now() },
    timer: systemTimer,
    ticker: () => () => undefined,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    ...given,
    stdout: new CapturedOutput(),
    stderr: new CapturedOutput(),
    signals: new EventEmitter(),
    exits,
  };
}
