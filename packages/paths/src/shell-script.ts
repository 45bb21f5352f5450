import { shellQuote } from './shell-quote.js';

/** Shells that are looked for, the most comfortable one first; the last one is everywhere. */
const usualShells = ['bash', 'sh'];

/** What a shell in a job starts with. */
export interface ShellStart {
  /** The first one to try; null: none but the usual ones. */
  readonly shell: string | null;
  /** Where it starts, relative to the root of the working tree; null: there. */
  readonly directory: string | null;
}

/**
 * What `sh -c` is given to open a shell at the root of a job's working tree: with arguments it runs these as a command,
 * without any it becomes the first shell that is there. A directory that is not there is none to start in.
 */
export function shellScript({ shell, directory }: ShellStart): string {
  const shells = [...(shell === null ? [] : [shell]), ...usualShells].map(shellQuote);
  return [
    ...(directory === null ? [] : [`cd -- ${shellQuote(directory)} 2>/dev/null`]),
    '[ $# -eq 0 ] || exec "$@"',
    `for shell in ${shells.join(' ')}; do`,
    '  if command -v "$shell" >/dev/null 2>&1; then exec "$shell"; fi',
    'done',
    'exit 127',
  ].join('\n');
}

/**
 * The program of a job's `shell` setting when that is a shell, without its options: those are for scripts. Null for
 * anything else, such as an interpreter.
 */
export function shellProgram(setting: string | undefined): string | null {
  const [program = ''] = (setting ?? '').trim().split(/\s+/u);
  return /(?:^|\/)[a-z]*sh$/u.test(program) ? program : null;
}

/** The variable by which a shell in a job has the command of that job, for `sh -c "$PIKACI_COMMAND"`. */
export const shellCommandVariable = 'PIKACI_COMMAND';
