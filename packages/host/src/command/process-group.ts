import { systemErrorCode } from '../system-error.js';
import { listProcesses } from '../processes/list-processes.js';

/** How often a group is looked at while it ends. Short beside any grace period, long beside a look. */
const pollMs = 20;

/** Sends a signal to each process of a group; false when there is none (left). */
export function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-groupId, signal);
  } catch (error) {
    // EPERM: there are processes, but of another user (a setuid program). They count as there.
    return systemErrorCode(error) === 'EPERM';
  }
}

/**
 * True while a process of the group can still do something. Processes that are dead but not yet collected do not
 * count: in a container whose first process collects nobody they would stay for ever.
 */
export async function isGroupAlive(groupId: number): Promise<boolean> {
  if (!signalGroup(groupId, 0)) return false;
  const processes = await listProcesses();
  if (processes === null) return true;
  return processes.some((entry) => entry.groupId === groupId && !entry.dead);
}

/** Waits until no process of the group is left; false when the time is over, or nobody waits any more, before that. */
export async function waitForGroup(
  groupId: number,
  limitMs: number,
  force?: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (await isGroupAlive(groupId)) {
    if (performance.now() >= deadline || force?.aborted === true) return false;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return true;
}

/** How long killed processes get to disappear; only ones that hang in the kernel need longer. */
const killedLimitMs = 5000;

/**
 * Ends every process of a group: SIGTERM, then SIGKILL for what is left after the grace period.
 *
 * @param force once it is aborted there is no grace any more, and no SIGTERM
 */
export async function endGroup(
  groupId: number,
  graceMs: number,
  force?: AbortSignal,
): Promise<void> {
  if (force?.aborted !== true) {
    if (!signalGroup(groupId, 'SIGTERM')) return;
    if (await waitForGroup(groupId, graceMs, force)) return;
  }
  signalGroup(groupId, 'SIGKILL');
  await waitForGroup(groupId, killedLimitMs);
}
