import type { EnginePorts } from '@pikaci/engine';
import { createConcurrencyGroups, runtimeDirectory } from '@pikaci/host';
import { createProcessBuildRuntime, createProcessRuntime } from '@pikaci/host-process';
import { connectIncus, createIncusBuildRuntime, createIncusRuntime } from '@pikaci/incus';
import {
  fail,
  ok,
  systemTimer,
  type BuildRuntime,
  type Outcome,
  type Runtime,
  type RuntimeId,
  type SnapshotStore,
} from '@pikaci/model';
import { createPayloadStore } from '@pikaci/payloads';
import { runLayout } from '@pikaci/paths';
import { createReporter, type Reporter } from '@pikaci/report';
import { createSecretSources } from '@pikaci/secrets';
import { createSnapshotStore } from '@pikaci/snapshot';
import { createRunStore } from '@pikaci/store';
import { createReportReader } from '@pikaci/test-reports';
import { noRunId, type PlannedRun } from './planned-run.js';
import type { Session } from './session.js';
import type { Workspace } from './workspace.js';

/**
 * Wires adapters to the engine's ports for one run. Nothing else in pikaci knows which adapter is behind a port.
 *
 * @param runId marks what is made for this run outside of its records
 */
export function composePorts(
  session: Session,
  planned: PlannedRun,
  reporter: Reporter,
  runId: string,
): Outcome<EnginePorts> {
  const { stateRoot, workspaceRoot } = planned.workspace;
  const { env, uid } = session.io;
  const runtimes = new Map<RuntimeId, Runtime>();
  const buildRuntimes = new Map<RuntimeId, BuildRuntime>();
  for (const id of planned.runtimes) {
    const composed = composeRuntimes(id, planned, runId);
    if (!composed.ok) return composed;
    runtimes.set(id, composed.value.jobs);
    buildRuntimes.set(id, composed.value.builds);
  }
  return ok({
    store: createRunStore({ stateRoot }),
    snapshots: createSnapshotStore({
      stateRoot,
      globs: planned.workspace.config.snapshot,
      makesSpares: true,
    }),
    payloads: createPayloadStore({ stateRoot, runtimes: buildRuntimes }),
    runtimes,
    secrets: createSecretSources({
      secrets: planned.config.secrets,
      workspaceRoot,
      environment: env,
    }),
    reports: createReportReader(),
    groups: createConcurrencyGroups({ directory: runtimeDirectory(env, uid), uid }),
    clock: session.io.clock,
    timer: systemTimer,
    reporter,
  });
}

/** Where payloads are built, for those who only ask what a build would depend on. */
export interface BuildRuntimes {
  readonly builds: ReadonlyMap<RuntimeId, BuildRuntime>;
  /** Ends the connections. */
  close(): Promise<void>;
}

/** The runtimes of some ids, of which nothing is started. */
export function composeBuildRuntimes(
  configured: Pick<PlannedRun, 'workspace' | 'config'>,
  ids: readonly RuntimeId[],
): Outcome<BuildRuntimes> {
  const runtimes: ComposedRuntimes[] = [];
  for (const id of new Set(ids)) {
    const composed = composeRuntimes(id, configured, noRunId);
    if (!composed.ok) return composed;
    runtimes.push(composed.value);
  }
  return ok({
    builds: new Map(runtimes.map(({ builds }) => [builds.id, builds])),
    close: async () => {
      for (const { jobs } of runtimes) await jobs.close();
    },
  });
}

/** The runtime of an id, for jobs. */
export function composeRuntime(
  id: RuntimeId,
  configured: Pick<PlannedRun, 'workspace' | 'config'>,
  runId: string,
): Outcome<Runtime> {
  const composed = composeRuntimes(id, configured, runId);
  return composed.ok ? ok(composed.value.jobs) : composed;
}

/**
 * The snapshots of a workspace.
 *
 * @param keepIn another state root, in which they are kept instead
 */
export function composeSnapshotStore(
  { stateRoot, config }: Workspace,
  keepIn?: string,
): SnapshotStore {
  const globs = config.snapshot;
  return createSnapshotStore({ stateRoot, globs, ...(keepIn === undefined ? {} : { keepIn }) });
}

/** What is behind the id of a runtime. */
interface ComposedRuntimes {
  readonly jobs: Runtime;
  readonly builds: BuildRuntime;
}

/** The runtimes of an id, for jobs and for builds. A new runtime is one package and one case here. */
function composeRuntimes(
  id: RuntimeId,
  planned: Pick<PlannedRun, 'workspace' | 'config'>,
  runId: string,
): Outcome<ComposedRuntimes> {
  const { stateRoot } = planned.workspace;
  switch (id) {
    case 'process':
      return ok({
        jobs: createProcessRuntime({ stateRoot }),
        builds: createProcessBuildRuntime({ stateRoot }),
      });
    case 'incus': {
      const config = planned.config.runtimes.incus;
      const { image, socket } = config;
      if (image === undefined) return fail('config', 'The Incus runtime has no image');
      const options = { config, image, socket, stateRoot, runId };
      // One connection, so that jobs and builds get the same image even when its alias is moved during the run.
      const connection = connectIncus(options);
      return ok({
        jobs: createIncusRuntime(options, connection),
        builds: createIncusBuildRuntime(options, connection),
      });
    }
    default: {
      const never: never = id;
      return never;
    }
  }
}

/** The reporter that the global options ask for. */
export function composeReporter(session: Session, stateRoot: string, runId: string): Reporter {
  const { io, options, isLive, color } = session;
  const reporter = createReporter({
    format: options.output,
    stdout: io.stdout,
    isTerminal: isLive,
    color,
    symbols: session.style.symbols,
    columns: io.columns,
    rows: io.rows,
    verbose: options.verbose ?? false,
    clock: io.clock,
    ticker: io.ticker,
    recordPath: runLayout(stateRoot, runId).runFile,
  });
  if (!session.isForPrograms) return reporter;
  // Standard output is for programs.
  return { ...reporter, onWarning: (text) => void io.stderr.write(`warning: ${text}\n`) };
}
