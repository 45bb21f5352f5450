import { appendFileSync } from 'node:fs';
import { handleFaultPoints, type FaultPoint } from '@pikaci/model';
import { processIo } from '../io.js';
import { runCli } from '../run-cli.js';
import type { PlannedFault } from './fault-plan.test.helper.js';

/** Names of the variables by which a test tells this program what to do. */
export const faultVariable = 'PIKACI_FAULT';
/** A file that gets a line for each fault point that is reached, and for the fault itself. */
export const reachedVariable = 'PIKACI_FAULT_REACHED';

/** The line that says that the fault happened. */
export const faultLine = 'FAULT';

const fault = JSON.parse(process.env[faultVariable] ?? 'null') as PlannedFault | null;
const reachedFile = process.env[reachedVariable] ?? '';
const counts = new Map<FaultPoint, number>();

handleFaultPoints(async (point) => {
  const count = (counts.get(point) ?? 0) + 1;
  counts.set(point, count);
  appendFileSync(reachedFile, `${point}\n`);
  if (fault === null || point !== fault.point || count !== fault.occurrence) return;
  appendFileSync(reachedFile, `${faultLine}\n`);
  await happen(fault);
});

/** `pikaci`, with a fault. What it is given is its command line; what it must not pass on is taken out. */
process.exitCode = await runCli(process.argv.slice(2), processIo());

async function happen({ action, code, delayMs }: PlannedFault): Promise<void> {
  switch (action) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => undefined);
      return;
    case 'error':
      throw Object.assign(new Error(`${code}: made by a test, write`), { code, syscall: 'write' });
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, delayMs));
  }
}
