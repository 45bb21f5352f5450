import { recordedSnapshot } from '@pikaci/engine';
import { fail, ok, type Outcome, type RunRecord, type Snapshot } from '@pikaci/model';
import { snapshotLayout } from '@pikaci/paths';
import { readSnapshotMarker } from '@pikaci/snapshot';
import { createRunStore } from '@pikaci/store';
import type { Command } from 'commander';
import type { CarryOutOptions } from '../carry-out.js';
import { addEndingOptions } from '../options/ending-options.js';
import { addKeepOptions } from '../options/keep-options.js';
import { positiveInteger } from '../options/positive-integer.js';
import { addRuntimeOptions, type RuntimeOptions } from '../options/runtime-options.js';
import { finishWithFailure } from '../output/finish.js';
import { planWanted, type PlannedRun } from '../planned-run.js';
import { wantedOfRun } from '../selection/wanted.js';
import type { Session } from '../session.js';
import { startRun } from '../start-run.js';
import { openWorkspace } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

interface RerunOptions extends RuntimeOptions, CarryOutOptions {
  readonly failed?: true;
}

const examples = `
Examples:
  npx pikaci rerun                      the latest run again, on the files that it had
  npx pikaci rerun latest --failed      what did not pass in it
  npx pikaci run --failed               the same on the files of now
`;

/** `rerun`: a new run of what another one was of, on its snapshot. */
export const registerRerun: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('rerun')
    .argument('[run]', runArgument[1], 'latest')
    .description('run the same again on the files that a run had: a new run, from the beginning')
    .option('--failed', 'only what failed or was not run; what passed is not run again');
  addKeepOptions(addEndingOptions(addRuntimeOptions(command)))
    .option('--jobs <n>', 'how many jobs may run at once', positiveInteger)
    .addHelpText('after', examples)
    .action((reference: string, _, self: Command) =>
      runAction(self, (session) => rerun(session, reference, self.optsWithGlobals<RerunOptions>())),
    );
};

/** A run that is to be run again. */
interface Repeated {
  readonly record: RunRecord;
  readonly snapshot: Snapshot;
  readonly planned: PlannedRun;
}

async function rerun(session: Session, reference: string, options: RerunOptions): Promise<number> {
  const found = await findAndPlan(session, reference, options);
  if (!found.ok) return finishWithFailure(session, found.error);
  const { planned, record, snapshot } = found.value;
  const { filter } = planned;
  const line = `again: run ${record.runId}, on snapshot ${snapshot.hash.slice(0, 12)}`;
  return startRun(
    session,
    { ...planned, filter: { ...filter, lines: [line, ...filter.lines] } },
    options,
    { repeats: { runId: record.runId, snapshot } },
  );
}

async function findAndPlan(
  session: Session,
  reference: string,
  options: RerunOptions,
): Promise<Outcome<Repeated>> {
  const opened = await openWorkspace(session);
  if (!opened.ok) return opened;
  const { stateRoot, config } = opened.value;
  const read = await createRunStore({ stateRoot }).read(reference);
  if (!read.ok) return read;
  const record = read.value;
  const snapshot = await storedSnapshot(stateRoot, record);
  if (!snapshot.ok) return snapshot;
  const { failed, ...others } = options;
  const planned = await planWanted(session, opened.value, wantedOfRun(config, record), {
    ...others,
    ...(failed === true ? { failed: record.runId } : {}),
  });
  return planned.ok ? ok({ record, snapshot: snapshot.value, planned: planned.value }) : planned;
}

/** Where it is follows from its hash, so that a record that was tampered with leads nowhere else. */
async function storedSnapshot(stateRoot: string, record: RunRecord): Promise<Outcome<Snapshot>> {
  const snapshot = recordedSnapshot(record);
  if (snapshot !== null) {
    const dir = snapshotLayout(stateRoot, snapshot.hash).treeDir;
    if ((await readSnapshotMarker(dir)) !== null) return ok({ ...snapshot, dir });
  }
  return fail('selection', `The run ${record.runId} has no snapshot to run again on`, {
    reason: snapshot === null ? 'it ended before it had one' : 'it is not in the store any more',
    hint: 'Run on the files of now: `npx pikaci run`.',
  });
}
