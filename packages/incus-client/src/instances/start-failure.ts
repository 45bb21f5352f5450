/** `lxc NAME 20261122233454.759 ERROR    conf - ../src/lxc/conf.c:lxc_setup:4419 - Failed to setup mount entries` */
const errorLine = /\sERROR\s+(\w+) - \S+ - (.*)$/;

/**
 * The causes of a failed start in a low-level log, in order and without repetition. Lines about attaching are left
 * out: those are commands that could not be executed in a guest that had started.
 */
export function startFailureLines(log: string): readonly string[] {
  const causes = new Set<string>();
  for (const line of log.split('\n')) {
    const [, component, message] = errorLine.exec(line) ?? [];
    if (message !== undefined && component !== 'attach') causes.add(message.trim());
  }
  return [...causes];
}
