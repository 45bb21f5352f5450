import { spawnSync } from 'node:child_process';
import { isatty } from 'node:tty';

/**
 * Remembers how the terminal of standard input is set (echo, line editing, signals); returns what sets it so again. A
 * program that is killed while it reads keys leaves them otherwise. Nothing happens where there is no terminal.
 */
export function keepTerminalModes(): () => void {
  if (!isatty(0)) return () => undefined;
  const modes = stty(['-g']);
  if (modes === '') return () => undefined;
  return () => {
    // What was killed may have left the terminal to another group: then only who is deaf to SIGTTOU may set it.
    const script = 'trap "" TTOU; exec stty "$1"';
    spawnSync('/bin/sh', ['-c', script, 'sh', modes], { stdio: ['inherit', 'ignore', 'ignore'] });
  };
}

/** What `stty` says of standard input; empty where it cannot be asked. */
function stty(args: readonly string[]): string {
  const ran = spawnSync('stty', args, { stdio: ['inherit', 'pipe', 'ignore'] });
  return ran.status === 0 ? ran.stdout.toString().trim() : '';
}
