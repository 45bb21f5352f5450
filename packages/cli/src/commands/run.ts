import { availableParallelism } from 'node:os';
import { executeRun, recordSkippedRun, type EnginePorts } from '@pikaci/engine';
import {
  exitCodeForFailure,
  exitCodes,
  makeRunId,
  type Outcome,
  type RunRecord,
} from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import type { Reporter } from '@pikaci/report';
import type { Command } from 'commander';
import { composePorts, composeReporter } from '../compose.js';
import { addEndingOptions, type EndingOptions } from '../options/ending-options.js';
import { addChangeOptions, type ChangeOptions } from '../options/change-options.js';
import { positiveInteger } from '../options/positive-integer.js';
import { addRuntimeOptions, type RuntimeOptions } from '../options/runtime-options.js';
import { printChangeFilter } from '../output/change-filter.js';
import { finishWithFailure } from '../output/finish.js';
import { planWithoutSnapshot, type PlannedRun } from '../planned-run.js';
import type { Session } from '../session.js';
import { cancelOnSignals, type Cancellation } from '../signals/cancel-on-signals.js';
import type { RegisterCommand } from './register-command.js';

interface RunOptions extends RuntimeOptions, ChangeOptions, EndingOptions {
  readonly jobs?: number;
}

/** Bytes of chance in a run id. */
const runIdBytes = 4;

/** `run`: runs targets or jobs, and ends with the exit code that says how it went. */
export const registerRun: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('run')
    .argument('[names...]', 'targets or jobs; the default target when none is named')
    .description('run targets or jobs, and record everything');
  addEndingOptions(addChangeOptions(addRuntimeOptions(command)))
    .option('--jobs <n>', 'how many jobs may run at once', positiveInteger)
    .action((names: string[], _, self: Command) =>
      runAction(self, (session) => run(session, names, self.optsWithGlobals<RunOptions>())),
    );
};

async function run(
  session: Session,
  names: readonly string[],
  options: RunOptions,
): Promise<number> {
  const planned = await planWithoutSnapshot(session, names, options);
  if (!planned.ok) return finishWithFailure(session, planned.error);
  printChangeFilter(session, planned.value.filter);
  const { io } = session;
  const createdAt = io.clock.now();
  const runId = makeRunId(createdAt, io.randomBytes(runIdBytes));
  const reporter = composeReporter(session, planned.value.workspace.stateRoot, runId);
  const cancellation = listenForSignals(session, reporter);
  try {
    const ports = composePorts(session, planned.value, reporter, runId);
    if (!ports.ok) return finishWithFailure(session, ports.error);
    const request = runRequest(planned.value, options, { runId, createdAt }, cancellation);
    const finished = await runOrSkip(request, planned.value.filter.skipMessage, ports.value);
    reporter.close();
    if (!finished.ok) return finishWithFailure(session, finished.error);
    return exitCodeOf(finished.value, options);
  } finally {
    reporter.close();
    cancellation.dispose();
  }
}

/** A run of which nothing was selected is recorded, too: with what was asked, and why there was nothing to do. */
function runOrSkip(
  request: Parameters<typeof executeRun>[0],
  skipMessage: string | null,
  ports: EnginePorts,
): Promise<Outcome<RunRecord>> {
  return skipMessage === null
    ? executeRun(request, ports)
    : recordSkippedRun({ ...request, message: skipMessage }, ports);
}

function runRequest(
  planned: PlannedRun,
  options: RunOptions,
  identity: { readonly runId: string; readonly createdAt: Date },
  cancellation: Cancellation,
): Parameters<typeof executeRun>[0] {
  const { config, selection, filter, workspace, runtime } = planned;
  return {
    ...identity,
    config,
    selection,
    layout: runLayout(workspace.stateRoot, identity.runId),
    workspaceRoot: workspace.workspaceRoot,
    ...(runtime === undefined ? {} : { runtime }),
    jobLimit: options.jobs ?? config.limits.jobs ?? availableParallelism(),
    filters: filter.patterns,
    changedFiles: filter.changedFiles,
    failFast: options.failFast === true,
    timeoutSeconds: options.timeout ?? config.timeoutSeconds ?? null,
    signal: cancellation.signal,
    force: cancellation.force,
  };
}

function listenForSignals(session: Session, reporter: Reporter): Cancellation {
  const { io } = session;
  return cancelOnSignals({
    source: io.signals,
    clock: io.clock,
    // The human report says so itself, where it belongs; a second writer would tear its live block.
    onCancel: () => {
      if (session.options.output !== 'human')
        io.stderr.write('cancelling… (again to stop at once)\n');
    },
    onForce: () => {
      if (session.options.output !== 'human')
        io.stderr.write('stopping at once… (again to leave everything as it is)\n');
    },
    onGiveUp: () => {
      reporter.close();
      io.stderr.write('left everything as it was: the next pikaci command cleans up\n');
      io.exitNow(exitCodes.interrupted);
    },
  });
}

/** A skipped run is no failure, unless the caller takes it for one. */
function exitCodeOf(record: RunRecord, options: RunOptions): number {
  if (record.status === 'failed') return exitCodeForFailure(record.failureKind ?? 'job');
  const isRefused = record.status === 'skipped' && options.failOnSkip === true;
  return isRefused ? exitCodes.nothingSelected : exitCodes.passed;
}
