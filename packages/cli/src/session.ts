import { resolve } from 'node:path';
import { createStyle, isForPrograms, type Style } from '@pikaci/report';
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
  /** True when colours and cursor movements may be written to standard output. */
  readonly isLive: boolean;
  readonly style: Style;
  /** The colours of what goes to standard error. */
  readonly errorStyle: Style;
}

/** Derives a session. */
export function createSession(io: CliIo, given: GlobalOptions): Session {
  const options: GlobalOptions = given.json === true ? { ...given, output: 'json' } : given;
  const isLive = options.color && io.stdoutIsTerminal && allowsEscapes(io.env);
  return {
    io,
    options,
    cwd: resolve(io.cwd, options.cwd ?? '.'),
    isForPrograms: isForPrograms(options.output),
    isLive,
    style: createStyle(isLive),
    errorStyle: createStyle(options.color && io.stderrIsTerminal && allowsEscapes(io.env)),
  };
}

/** NO_COLOR with any value, and a terminal that says it is dumb, mean: no escape sequences at all. */
function allowsEscapes(env: CliIo['env']): boolean {
  return (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
