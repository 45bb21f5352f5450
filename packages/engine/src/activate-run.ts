import type { JobRecord, RunRecord, RunWriter } from '@pikaci/model';
import type { ActiveRun } from './active-run.js';
import { RunControl } from './control/run-control.js';
import { EventLog } from './event-log.js';
import type { EnginePorts, RunRequest } from './ports.js';
import { RunState } from './run-state.js';
import { safeReporter } from './safe-reporter.js';
import { KnownSecrets } from './secrets/known-secrets.js';
import { maskEvent } from './secrets/mask-records.js';

/** What there is of a run on disk. */
export interface RunOnDisk {
  readonly record: RunRecord;
  readonly writer: RunWriter;
  /** That of the last event. */
  readonly lastSequence: number;
  /** How jobs had ended that are begun again. */
  readonly endedBefore?: ReadonlyMap<string, JobRecord>;
}

/** Makes a run of a record that is on disk and its writer. */
export function activateRun(
  request: RunRequest,
  ports: EnginePorts,
  { record, writer, lastSequence, endedBefore = new Map() }: RunOnDisk,
): ActiveRun {
  const secrets = new KnownSecrets();
  const state = new RunState(record, writer, secrets);
  const reporter = safeReporter(ports.reporter);
  const events = new EventLog(
    {
      writer,
      clock: ports.clock,
      mask: (event) => maskEvent(secrets.masker, event),
      onEvent: (event) => reporter.onEvent(event),
      onLost: (failed) => state.noteStoreFailure(failed),
    },
    lastSequence,
  );
  const control = new RunControl();
  return {
    request,
    ports,
    writer,
    state,
    events,
    control,
    secrets,
    reporter,
    endedBefore,
    usedRuntimes: new Set(),
  };
}
