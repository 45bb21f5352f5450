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
}

/** Derives a session. */
export function createSession(io: CliIo, given: GlobalOptions): Session {
  const options: GlobalOptions = given.json === true ? { ...given, output: 'json' } : given;
  const mayEscape = options.color && allowsEscapes(io.env);
  const isLive = mayEscape && io.stdoutIsTerminal && io.env['TERM'] !== 'dumb';
  const color = isLive || (mayEscape && forcesColor(io.env));
  return {
    io,
    options,
    cwd: resolve(io.cwd, options.cwd ?? '.'),
    isForPrograms: isForPrograms(options.output),
    isLive,
    color,
    style: createStyle(color, symbolsOf(io)),
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

/** The signs that standard output can show: in files and pipes all. */
function symbolsOf({ env, stdoutIsTerminal }: CliIo): Symbols {
  return stdoutIsTerminal ? symbolsFor(env, process.platform) : richSymbols;
}
