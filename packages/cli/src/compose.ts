import type { EnginePorts } from '@pikaci/engine';
import { createProcessBuildRuntime, createProcessRuntime } from '@pikaci/host-process';
import { createIncusRuntime } from '@pikaci/incus';
import { fail, ok, type Outcome, type Runtime, type RuntimeId } from '@pikaci/model';
import { createPayloadStore } from '@pikaci/payloads';
import { runLayout } from '@pikaci/paths';
import { createReporter, type Reporter } from '@pikaci/report';
import { createSnapshotStore } from '@pikaci/snapshot';
import { createRunStore } from '@pikaci/store';
import type { PlannedRun } from './planned-run.js';
import type { Session } from './session.js';

/** Wires adapters to the engine's ports for one run. Nothing else in pikaci knows which adapter is behind a port. */
export function composePorts(
  session: Session,
  planned: PlannedRun,
  reporter: Reporter,
): Outcome<EnginePorts> {
  const { stateRoot } = planned.workspace;
  const runtimes = new Map<RuntimeId, Runtime>();
  for (const id of planned.runtimes) {
    const runtime = composeRuntime(id, planned);
    if (!runtime.ok) return runtime;
    runtimes.set(id, runtime.value);
  }
  return ok({
    store: createRunStore({ stateRoot }),
    snapshots: createSnapshotStore({ stateRoot }),
    payloads: createPayloadStore({
      stateRoot,
      runtimes: new Map([['process', createProcessBuildRuntime({ stateRoot })]]),
    }),
    runtimes,
    clock: session.io.clock,
    reporter,
  });
}

/** The runtime behind an id. A new runtime is one package and one line here. */
function composeRuntime(id: RuntimeId, planned: PlannedRun): Outcome<Runtime> {
  switch (id) {
    case 'process':
      return ok(createProcessRuntime({}));
    case 'incus': {
      const config = planned.config.runtimes.incus;
      const { image, socket } = config;
      if (image === undefined) return fail('config', 'The Incus runtime has no image');
      const { stateRoot } = planned.workspace;
      return ok(createIncusRuntime({ config, image, socket, stateRoot }));
    }
    default: {
      const never: never = id;
      return never;
    }
  }
}

/** The reporter that the global options ask for. */
export function composeReporter(session: Session, stateRoot: string, runId: string): Reporter {
  const { io, options, isLive } = session;
  return createReporter({
    format: options.output,
    stdout: io.stdout,
    isTerminal: isLive,
    color: isLive,
    columns: io.columns,
    verbose: options.verbose ?? false,
    clock: io.clock,
    ticker: io.ticker,
    recordPath: runLayout(stateRoot, runId).runFile,
  });
}
