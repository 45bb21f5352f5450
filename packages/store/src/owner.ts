import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunOwner, RunRecord } from '@pikaci/model';

/** Which process owns a run, without the time of its last sign of life. */
export type OwnerIdentity = Omit<RunOwner, 'heartbeatAt'>;

/** What has to be known of this machine to judge whether an owner still lives. */
export interface OwnerProbe {
  readonly host: string;
  readonly bootId: string | null;
  isAlive(pid: number): boolean;
  /** When a process started, in the kernel's ticks since the boot; null where that is not known. */
  startTicksOf(pid: number): string | null;
}

/** This process, as the owner of the runs it writes. */
export function currentOwner(): OwnerIdentity {
  return {
    pid: process.pid,
    host: hostname(),
    bootId: readBootId(),
    startTicks: readStartTicks(process.pid),
  };
}

/** This machine, as it is now. */
export function systemOwnerProbe(): OwnerProbe {
  return { host: hostname(), bootId: readBootId(), isAlive, startTicksOf: readStartTicks };
}

/**
 * True when a running record's owner is known to be dead: it was of this host, and the host has booted since, or has no
 * such process, or one that started at another time. False for finished runs, for other hosts and for records without an owner: there nothing is known.
 */
export function isOwnerGone(record: RunRecord, probe: OwnerProbe): boolean {
  const { owner } = record;
  if (record.status !== 'running' || owner === null || owner.host !== probe.host) return false;
  const rebooted = owner.bootId !== null && probe.bootId !== null && owner.bootId !== probe.bootId;
  if (rebooted || !probe.isAlive(owner.pid)) return true;
  const startTicks = owner.startTicks === null ? null : probe.startTicksOf(owner.pid);
  return startTicks !== null && startTicks !== owner.startTicks;
}

/** One phrase on who runs a run, e.g. `process 4711 on build1, last heard of 3 s ago`; null for a finished one. */
export function describeOwner(record: RunRecord, probe: OwnerProbe, now: Date): string | null {
  const { owner } = record;
  if (record.status !== 'running') return null;
  if (owner === null) return 'owner unknown';
  const who = `process ${owner.pid} on ${owner.host}`;
  if (isOwnerGone(record, probe)) return `abandoned: ${who} is gone`;
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(owner.heartbeatAt)) / 1000));
  return `${who}, last heard of ${seconds} s ago`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it is there, and belongs to someone else.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** Null where the kernel does not tell (anything but Linux). */
function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}

/** Null where the kernel does not tell, and for a process that is gone. */
function readStartTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field 22. The second one, the program's name, may hold spaces and brackets; fields are counted behind it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3] ?? null;
  } catch {
    return null;
  }
}
