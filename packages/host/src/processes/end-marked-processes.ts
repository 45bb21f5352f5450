import { readFile } from 'node:fs/promises';
import { listProcesses } from './list-processes.js';

/** Rounds of looking and killing: a process may start another one between the look and its end. */
const rounds = 5;

/**
 * Kills (SIGKILL) every process whose environment at its start held all these variables with these values. So
 * descendants of a command are found that left its process group, for example with `setsid`. Linux only, and only
 * processes of the same user: elsewhere it does nothing. A process that was started with another environment is not
 * found: that takes a process namespace of its own.
 * @returns the ids of the processes that were killed.
 */
export async function endMarkedProcesses(
  marks: Readonly<Record<string, string>>,
): Promise<readonly number[]> {
  const wanted = Object.entries(marks).map(([name, value]) => `${name}=${value}`);
  const killed = new Set<number>();
  for (let round = 0; round < rounds; round += 1) {
    const found = await findMarked(wanted);
    if (found.length === 0) break;
    for (const pid of found) if (killProcess(pid)) killed.add(pid);
  }
  return [...killed];
}

async function findMarked(wanted: readonly string[]): Promise<readonly number[]> {
  const processes = (await listProcesses()) ?? [];
  const living = processes.filter((entry) => !entry.dead && entry.pid !== process.pid);
  const marked = await Promise.all(
    living.map(async (entry) => ((await isMarked(entry.pid, wanted)) ? entry.pid : null)),
  );
  return marked.filter((pid) => pid !== null);
}

async function isMarked(pid: number, wanted: readonly string[]): Promise<boolean> {
  const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  if (environ === '') return false;
  const variables = new Set(environ.split('\0'));
  return wanted.every((variable) => variables.has(variable));
}

function killProcess(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
    return false;
  }
}
