import { isatty } from 'node:tty';
import type { ShellTerminal, TerminalSize } from '@pikaci/model';

/** Size that is assumed where the terminal does not tell its own. */
const usualSize: TerminalSize = { columns: 80, rows: 24 };

/**
 * The terminal of this process. Standard input is not touched before it is used: it would be taken away from a program
 * that gets it as it is.
 */
export function localTerminal(): ShellTerminal {
  const isTerminal = isatty(0) && isatty(1);
  return {
    isTerminal,
    size: () => ({
      columns: process.stdout.columns || usualSize.columns,
      rows: process.stdout.rows || usualSize.rows,
    }),
    onResize: (listener) => {
      process.stdout.on('resize', listener);
      return () => void process.stdout.off('resize', listener);
    },
    get input() {
      return process.stdin;
    },
    // What waits for input would keep the process from ending.
    closeInput: () => void process.stdin.destroy(),
    write: (stream, chunk) =>
      new Promise((resolve) => {
        process[stream].write(chunk, () => resolve());
      }),
    passKeys,
  };
}

/** Also at an end that nobody has foreseen the terminal is set as it was: a terminal without echo is of no use. */
function passKeys(): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  const restore = (): void => {
    process.off('exit', restore);
    stdin.setRawMode(false);
  };
  process.once('exit', restore);
  stdin.setRawMode(true);
  return restore;
}
