import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readProcess } from '../processes/list-processes.js';
import { systemErrorCode } from '../system-error.js';

/** A process, told from every other one on this and other machines. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Changes with every boot of the machine; null where it is not known. */
  readonly bootId: string | null;
  /**
   * Start of the process in clock ticks since the boot: in containers, where process ids start anew, a later process
   * often has the id of an earlier one. Null where it is not known.
   */
  readonly startTicks?: string | null;
}

/** The process that calls this. */
export async function currentOwner(): Promise<Owner> {
  const [bootId, startTicks] = await Promise.all([readBootId(), startTicksOf(process.pid)]);
  return { pid: process.pid, host: hostname(), bootId, startTicks };
}

/** False when the owner is certainly gone. An owner on another machine counts as alive: nobody can tell from here. */
export async function isOwnerAlive(owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return true;
  const bootId = await readBootId();
  if (owner.bootId !== null && bootId !== null && owner.bootId !== bootId) return false;
  if (!processExists(owner.pid)) return false;
  if (owner.startTicks == null) return true;
  const startTicks = await startTicksOf(owner.pid);
  return startTicks === null || startTicks === owner.startTicks;
}

function processExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}

async function startTicksOf(pid: number): Promise<string | null> {
  return (await readProcess(pid))?.startTicks ?? null;
}

async function readBootId(): Promise<string | null> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null);
  return text?.trim() ?? null;
}
