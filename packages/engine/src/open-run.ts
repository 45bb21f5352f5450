import { ok, type Outcome } from '@pikaci/model';
import type { ActiveRun } from './active-run.js';
import { EventLog } from './event-log.js';
import { guard } from './guard.js';
import type { EnginePorts, RunRequest } from './ports.js';
import { firstRunRecord } from './run-record.js';
import { RunState } from './run-state.js';
import { safeReporter } from './safe-reporter.js';

/** Makes a run's first record and tells of it. Fails only where there can be no record. */
export async function openRun(
  request: RunRequest,
  ports: EnginePorts,
): Promise<Outcome<ActiveRun>> {
  const record = firstRunRecord(request);
  const created = await guard('creating the run', () => ports.store.create(record));
  if (!created.ok) return created;
  const writer = created.value;
  const state = new RunState(record, writer);
  const reporter = safeReporter(ports.reporter);
  const events = new EventLog({
    writer,
    clock: ports.clock,
    onEvent: (event) => reporter.onEvent(event),
    onLost: (failed) => state.noteStoreFailure(failed),
  });
  await events.emit({
    event: 'run_started',
    runId: record.runId,
    createdAt: record.createdAt,
    rerunOf: record.rerunOf,
    targetId: record.targetId,
    targetDescription: record.targetDescription,
  });
  return ok({ request, ports, writer, state, events, reporter, usedRuntimes: new Set() });
}
