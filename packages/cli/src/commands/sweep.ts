import { exitCodes } from '@pikaci/model';
import type { Command } from 'commander';
import { placesOf } from '../carry-out.js';
import { keptLine } from '../keep/tell-kept.js';
import { addJsonOption } from '../options/global-options.js';
import {
  addIncusOptions,
  withRuntimeOptions,
  type RuntimeOptions,
} from '../options/runtime-options.js';
import { printJson, printText } from '../output/print.js';
import { findLeft, type Left } from '../recovery/find-left.js';
import { recover, type Recovery } from '../recovery/recover.js';
import type { RunPlace } from '@pikaci/model';
import type { Session } from '../session.js';
import { findStateRoot, openWorkspace } from '../workspace.js';
import type { RegisterCommand } from './register-command.js';

type SweepOptions = Pick<RuntimeOptions, 'incusSocket' | 'image'> & {
  readonly dryRun?: boolean;
  readonly kept?: boolean;
};

/** `sweep`: removes what dead processes left. */
export const registerSweep: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('sweep')
    .description('close runs whose processes were killed, and remove what they left')
    .addHelpText('after', '\nExamples:\n  npx pikaci sweep --dry-run\n  npx pikaci sweep --kept')
    .option('--kept', 'also remove what `run --keep on-failure` keeps, before its time is over')
    .option('--dry-run', 'only say what there is, and change nothing');
  addJsonOption(addIncusOptions(command)).action((_, self: Command) =>
    runAction(self, (session) => sweep(session, self.optsWithGlobals<SweepOptions>())),
  );
};

async function sweep(session: Session, options: SweepOptions): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const places = await configuredPlaces(session, options);
  if (options.dryRun === true) {
    const left = await findLeft(session, stateRoot, places, options.kept);
    if (!session.isForPrograms) printText(session, leftText(left));
    else printJson(session, 'sweep-dry-run', left);
    return left.problems.length === 0 ? exitCodes.passed : exitCodes.infrastructure;
  }
  const recovery = await recover(session, stateRoot, {
    thorough: true,
    removesKept: options.kept === true,
    places,
  });
  if (!session.isForPrograms) printText(session, recoveryText(recovery));
  else printJson(session, 'sweep', recovery);
  return recovery.problems.length === 0 ? exitCodes.passed : exitCodes.infrastructure;
}

/** The server of the configuration, besides those that runs have named; none without a configuration that names one. */
async function configuredPlaces(
  session: Session,
  options: SweepOptions,
): Promise<readonly RunPlace[]> {
  const workspace = await openWorkspace(session);
  if (!workspace.ok) return [];
  const { config } = workspace.value;
  const incus = withRuntimeOptions(config.runtimes.incus, options, session.io.env);
  if (incus.image === undefined) return [];
  return placesOf({ config: { ...config, runtimes: { incus } }, runtimes: ['incus'] });
}

function recoveryText({ closed, removed, problems, kept }: Recovery): string {
  const lines = [
    ...closed.map((run) => `closed run ${run.runId}: ${run.markedJobs} jobs marked`),
    ...removed.map((what) => `removed ${what}`),
    ...problems.map((problem) => `not removed: ${problem}`),
    ...kept.map(keptLine),
  ];
  return lines.length === 0 ? 'nothing was left' : lines.join('\n');
}

function leftText({ abandoned, remains, files, problems, kept }: Left): string {
  const lines = [
    ...abandoned.map((runId) => `run ${runId} would be closed: its process is gone`),
    ...remains.map((runId) => `something of run ${runId} would be removed`),
    ...files.map((path) => `${path} would be removed`),
    ...problems.map((problem) => `cannot be looked at: ${problem}`),
    ...kept.map(keptLine),
  ];
  return lines.length === 0 ? 'nothing is left' : lines.join('\n');
}
