import { readdir, readFile } from 'node:fs/promises';

/** A process as Linux shows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parentId: number;
  readonly groupId: number;
  /** True when it has ended and only waits to be collected. */
  readonly dead: boolean;
  /** Clock ticks between the boot and the start: tells it from a later process with the same id. */
  readonly startTicks: string;
}

/** All processes that are visible in `/proc`; null where there is no such directory. */
export async function listProcesses(): Promise<readonly ProcessEntry[] | null> {
  const names = await readdir('/proc').catch(() => null);
  if (names === null) return null;
  const pids = names.filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return null;
  const entries = await Promise.all(pids.map((pid) => readProcess(Number(pid))));
  return entries.filter((entry) => entry !== null);
}

/** One process; null when it is gone, or where there is no `/proc`. */
export async function readProcess(pid: number): Promise<ProcessEntry | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  return stat === null ? null : parseProcessStat(pid, stat);
}

/** Reads a line of `/proc/<pid>/stat`. The program's name is in parentheses and may hold anything, also these. */
export function parseProcessStat(pid: number, stat: string): ProcessEntry {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // man 5 proc: after the name come state (3), ppid (4), pgrp (5) ... starttime (22).
  const field = (number: number): string => fields[number - 3] ?? '';
  return {
    pid,
    parentId: Number(field(4)),
    groupId: Number(field(5)),
    dead: field(3) === 'Z' || field(3) === 'X',
    startTicks: field(22).trim(),
  };
}
