import { readFileSync } from 'node:fs';

/**
 * The most resident memory that this program had. `getrusage` is no answer on Linux: its maximum begins with what the
 * parent process had when it started this one, and the benchmarks' own process is the larger one.
 */
export function mostMemoryBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  if (kib === undefined) throw new Error('/proc/self/status has no VmHWM');
  return Number(kib) * 1024;
}
