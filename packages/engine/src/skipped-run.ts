import { ok, type Outcome, type RunRecord } from '@pikaci/model';
import { EventLog } from './event-log.js';
import { guard } from './guard.js';
import type { EnginePorts } from './ports.js';
import { firstRunRecord, type RunIdentity } from './run-record.js';
import { safeReporter } from './safe-reporter.js';

/** A run of which nothing was selected, and why. */
export interface SkippedRunRequest extends RunIdentity {
  /** For people, e.g. how many filters matched nothing. */
  readonly message: string;
}

/** Records a run in which nothing had to be run: no snapshot, no plan, no jobs; it ends when it begins. */
export async function recordSkippedRun(
  request: SkippedRunRequest,
  ports: Pick<EnginePorts, 'store' | 'clock' | 'reporter'>,
): Promise<Outcome<RunRecord>> {
  const first = firstRunRecord(request);
  const record: RunRecord = {
    ...first,
    status: 'skipped',
    finishedAt: first.createdAt,
    message: request.message,
  };
  const created = await guard('creating the run', () => ports.store.create(record));
  if (!created.ok) return created;
  const reporter = safeReporter(ports.reporter);
  const events = new EventLog({
    writer: created.value,
    clock: ports.clock,
    onEvent: (event) => reporter.onEvent(event),
    mask: (event) => event,
    // The record itself is there and says everything that the two events say.
    onLost: () => undefined,
  });
  const { runId, createdAt, rerunOf, targetId, targetDescription } = record;
  const started = { runId, createdAt, rerunOf, targetId, targetDescription };
  await events.emit({ event: 'run_started', ...started });
  await events.emit({ event: 'run_finished', run: record });
  await guard('closing the records', () => created.value.close());
  return ok(record);
}
