import { readdirSync, readFileSync } from 'node:fs';

/** By its value, the guest's directory, processes of a guest are known wherever they went. */
export const guestMark = 'FAKE_INCUS_GUEST';

/** How often to look again: what is killed may have started something meanwhile. */
const turns = 50;

/** Kills everything that runs in a guest whose commands run on the host, as a stop of the instance does. Linux only. */
export function endGuestProcesses(root: string): void {
  const mark = Buffer.from(`\0${guestMark}=${root}\0`);
  for (let turn = 0; turn < turns; turn += 1) {
    const found = guestProcesses(mark);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

function guestProcesses(mark: Buffer): readonly number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => environOf(pid).includes(mark));
}

/** Empty for a process that is gone, dead or another user's. */
function environOf(pid: number): Buffer {
  try {
    return Buffer.concat([Buffer.of(0), readFileSync(`/proc/${pid}/environ`)]);
  } catch {
    return Buffer.alloc(0);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
