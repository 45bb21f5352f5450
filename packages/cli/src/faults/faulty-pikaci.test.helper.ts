import { appendFileSync } from 'node:fs';
import { handleFaultPoints, type FaultPoint } from '@pikaci/model';
import { processIo } from '../io.js';
import { runCli } from '../run-cli.js';
import type { PlannedFault } from './fault-plan.test.helper.js';
import { faultLine, faultVariable, reachedVariable } from './fault-report.test.helper.js';

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

// `pikaci`, with a fault.
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
