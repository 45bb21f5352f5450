import { spawn } from 'node:child_process';

/** Tells a process that watches over a command what is to be ended when this process goes away. */
export interface Watchdog {
  /** The command runs now, as this process group. */
  watch(groupId: number): void;
  /** The command and all of its group are gone: there is nothing to end any more. */
  dismiss(): void;
}

/**
 * Reads two lines: the group to watch, and that it has ended. The end of the input instead of the second one means that
 * its parent is gone, whatever ended it. Processes that left the group are found by the marks in their environment
 * (Linux), again and again: one may start another between the look and its end.
 */
const script = `
trap '' INT TERM HUP
read -r group || exit 0
read -r ended && exit 0
kill -KILL "-$group" 2>/dev/null
[ $# -gt 0 ] || exit 0
line_end='
'
end_marked() {
  found=1
  for process in /proc/[0-9]*; do
    variables=$(tr '\\0' '\\n' <"$process/environ") || continue
    for mark; do
      case $line_end$variables$line_end in *"$line_end$mark$line_end"*) ;; *) continue 2 ;; esac
    done
    kill -KILL "\${process#/proc/}" && found=0
  done
  return $found
}
rounds=0
while [ $rounds -lt 20 ] && end_marked "$@"; do rounds=$((rounds + 1)); done
`;

/**
 * Starts a process of its own session that ends a command when this process is gone, also after SIGKILL: the system
 * closes the pipe between them.
 *
 * @param marks variables that all processes of the command have, for those that leave its group; none are looked for
 *   when there are none
 */
export function startWatchdog(marks: Readonly<Record<string, string>>): Watchdog {
  const wanted = Object.entries(marks).map(([name, value]) => `${name}=${value}`);
  const child = spawn('/bin/sh', ['-c', `{ ${script}\n} 2>/dev/null`, 'sh', ...wanted], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // A machine that cannot start it cannot start the command either, which is a failure with a message of its own.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  let watches = false;
  return {
    watch: (groupId) => {
      watches = true;
      child.stdin.write(`${groupId}\n`);
    },
    dismiss: () => void child.stdin.end(watches ? 'ended\n' : ''),
  };
}
