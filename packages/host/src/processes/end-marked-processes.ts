import { readdirSync, readFileSync } from 'node:fs';

/** How long killed processes get to disappear. Only ones that hang in the kernel need longer. */
const limitMs = 2000;
const pollMs = 10;

/**
 * Kills (SIGKILL) every process whose environment at its start held all these variables with these values, and waits
 * until they are gone. So descendants of a command are found that left its process group, for example with `setsid`.
 * Linux only, and only processes of the same user: elsewhere it does nothing. A process that was started with another
 * environment is not found: that takes a process namespace of its own.
 * @returns the ids of the processes that were killed.
 */
export async function endMarkedProcesses(
  marks: Readonly<Record<string, string>>,
): Promise<readonly number[]> {
  // No mark would fit every process there is.
  if (Object.keys(marks).length === 0) throw new TypeError('marks are needed to tell processes');
  const wanted = Object.entries(marks).map(([name, value]) => Buffer.from(`\0${name}=${value}\0`));
  const killed = new Set<number>();
  const deadline = performance.now() + limitMs;
  // Again and again: a process may start another one between the look and its end.
  for (let found = findMarked(wanted); found.length > 0; found = findMarked(wanted)) {
    for (const pid of found) if (killProcess(pid)) killed.add(pid);
    if (performance.now() >= deadline) break;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return [...killed];
}

/**
 * The values that variables have in processes which have all of them, as they were when these started; each
 * combination once. Linux only, and only processes of the same user: elsewhere there are none.
 */
export function findMarks(names: readonly string[]): readonly Readonly<Record<string, string>>[] {
  const found = new Map<string, Readonly<Record<string, string>>>();
  for (const pid of processIds()) {
    const variables = environOf(pid)?.toString().split('\0') ?? [];
    const values = names.map((name) => valueOf(variables, name));
    if (values.includes(null)) continue;
    found.set(
      values.join('\0'),
      Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])),
    );
  }
  return [...found.values()];
}

function valueOf(variables: readonly string[], name: string): string | null {
  const variable = variables.find((text) => text.startsWith(`${name}=`));
  return variable?.slice(name.length + 1) ?? null;
}

/** Reads at once, not by promises: files in /proc never wait, and several hundred of them take a few milliseconds. */
function findMarked(wanted: readonly Buffer[]): readonly number[] {
  return processIds().filter((pid) => {
    const environ = environOf(pid);
    return environ !== null && wanted.every((variable) => environ.includes(variable));
  });
}

function processIds(): readonly number[] {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map(Number).filter((pid) => pid !== process.pid);
  } catch {
    return [];
  }
}

/** Each variable between NULs; null when the process is gone, dead or another user's. */
function environOf(pid: number): Buffer | null {
  try {
    const environ = readFileSync(`/proc/${pid}/environ`);
    return environ.length === 0 ? null : Buffer.concat([Buffer.of(0), environ]);
  } catch {
    return null;
  }
}

function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
    return false;
  }
}
