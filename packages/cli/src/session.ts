import { resolve } from 'node:path';
import {
  createStyle,
  isForPrograms,
  richSymbols,
  symbolsFor,
  type Style,
  type Symbols,
} from '@pikaci/report';
import type { CliIo } from './io.js';
import type { GlobalOptions } from './options/global-options.js';

/** What a command is given: its world, its global options, and what follows from both. */
export interface Session {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  /** Absolute directory that relative paths and the search for the configuration start from. */
  readonly cwd: string;
  /** True when standard output is for a program, and holds JSON alone. */
  readonly isForPrograms: boolean;
  /** True when the cursor may be moved on standard output. */
  readonly isLive: boolean;
  /** True when colours may be written to standard output. */
  readonly color: boolean;
  readonly style: Style;
  /** The colours of what goes to standard error. */
  readonly errorStyle: Style;
}

/** Derives a session. */
export function createSession(io: CliIo, given: GlobalOptions): Session {
  const options: GlobalOptions = given.json === true ? { ...given, output: 'json' } : given;
  const mayEscape = options.color && allowsEscapes(io.env);
  const isDumb = io.env['TERM'] === 'dumb';
  const isLive = mayEscape && io.stdoutIsTerminal && !isDumb;
  const isForced = mayEscape && forcesColor(io.env);
  const color = isLive || isForced;
  const colorOfErrors = (mayEscape && io.stderrIsTerminal && !isDumb) || isForced;
  return {
    io,
    options,
    cwd: resolve(io.cwd, options.cwd ?? '.'),
    isForPrograms: isForPrograms(options.output),
    isLive,
    color,
    style: createStyle(color, symbolsOf(io.env, io.stdoutIsTerminal)),
    errorStyle: createStyle(colorOfErrors, symbolsOf(io.env, io.stderrIsTerminal)),
  };
}

/** NO_COLOR with any value means: no escape sequences at all. */
function allowsEscapes(env: CliIo['env']): boolean {
  return (env['NO_COLOR'] ?? '') === '';
}

/** FORCE_COLOR asks for colours also where no terminal is known, as the logs of CI services show them. */
function forcesColor(env: CliIo['env']): boolean {
  return !['', '0', 'false'].includes(env['FORCE_COLOR'] ?? '');
}

/** The signs that a stream can show: in files and pipes all. */
function symbolsOf(env: CliIo['env'], isTerminal: boolean): Symbols {
  return isTerminal ? symbolsFor(env, process.platform) : richSymbols;
}
