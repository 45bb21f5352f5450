import { ok, type Outcome } from '@pikaci/model';
import { activateRun } from './activate-run.js';
import type { ActiveRun } from './active-run.js';
import { guard } from './guard.js';
import type { EnginePorts, RunRequest } from './ports.js';
import { firstRunRecord } from './run-record.js';

/** Makes a run's first record and tells of it. Fails only where there can be no record. */
export async function openRun(
  request: RunRequest,
  ports: EnginePorts,
): Promise<Outcome<ActiveRun>> {
  const record = firstRunRecord(request);
  const created = await guard('creating the run', () => ports.store.create(record));
  if (!created.ok) return created;
  const run = activateRun(request, ports, { record, writer: created.value, lastSequence: 0 });
  await run.events.emit({
    event: 'run_started',
    runId: record.runId,
    createdAt: record.createdAt,
    rerunOf: record.rerunOf,
    targetId: record.targetId,
    targetDescription: record.targetDescription,
  });
  return ok(run);
}
