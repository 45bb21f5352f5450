import { exitCodes, failure, type Outcome, type RunPlan } from '@pikaci/model';
import { snapshotLayout } from '@pikaci/paths';
import { planRecord } from '@pikaci/planner';
import {
  formatJobExplanation,
  formatPlan,
  formatPlanDetails,
  formatPlanGraph,
  graphLanguages,
  type GraphLanguage,
} from '@pikaci/report';
import { Option, type Command } from 'commander';
import { composeSnapshotStore } from '../compose.js';
import { explainJob } from '../explain/explain-job.js';
import { addJsonOption } from '../options/global-options.js';
import { addChangeOptions, type ChangeOptions } from '../options/change-options.js';
import { addRuntimeOptions, type RuntimeOptions } from '../options/runtime-options.js';
import { addSelectionOptions, type SelectionOptions } from '../options/selection-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printChangeFilter } from '../output/change-filter.js';
import { printJson, printText } from '../output/print.js';
import { planFor, planWithoutSnapshot, type PlannedRun } from '../planned-run.js';
import type { Session } from '../session.js';
import { commandText } from './command-text.js';
import type { RegisterCommand } from './register-command.js';

interface PlanOptions extends RuntimeOptions, ChangeOptions, SelectionOptions {
  readonly graph?: GraphLanguage;
  readonly explain?: string;
}

/** `plan`: shows what `run` would do. Writes nothing; equal inputs give equal bytes. */
export const registerPlan: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('plan')
    .argument('[names...]', 'targets or jobs; the default target when none is named')
    .description('show what a run would do, without doing or writing anything')
    .addOption(
      new Option('--graph <language>', 'draw it, for Mermaid or Graphviz').choices(graphLanguages),
    )
    .addOption(
      new Option(
        '--explain <job>',
        'say why a job is run or not, and which of its payloads a run would find',
      ).conflicts('graph'),
    )
    .addHelpText('after', examples);
  addJsonOption(addSelectionOptions(addChangeOptions(addRuntimeOptions(command)))).action(
    (names: string[], _, self: Command) =>
      runAction(self, (session) => plan(session, names, self.optsWithGlobals<PlanOptions>())),
  );
};

const examples = `
Examples:
  npx pikaci plan                                   the default target
  npx pikaci plan --verbose                         with whole commands, limits and mounts
  npx pikaci plan web --changed-since main --json
  npx pikaci plan --explain e2e                     why it is run, and what of it is there already
  npx pikaci plan --graph mermaid`;

async function plan(
  session: Session,
  names: readonly string[],
  options: PlanOptions,
): Promise<number> {
  if (options.graph !== undefined && session.isForPrograms) {
    return finishWithFailure(session, twoFormats);
  }
  const planned = await planWithoutSnapshot(session, names, options);
  if (!planned.ok) return finishWithFailure(session, planned.error);
  const made = await planOnWorkspace(planned.value);
  if (!made.ok) return finishWithFailure(session, made.error);
  const { filter } = planned.value;
  if (options.explain !== undefined) {
    return explain(session, planned.value, names, options.explain);
  }
  if (options.graph !== undefined) {
    printText(session, formatPlanGraph(made.value, options.graph));
    return exitCodes.passed;
  }
  printChangeFilter(session, filter);
  if (session.isForPrograms)
    printJson(session, 'plan', planRecord(made.value, { anonymous: true }));
  else printText(session, filter.skipMessage ?? planText(session, planned.value, made.value));
  const isRefused = filter.skipMessage !== null && options.failOnSkip === true;
  return isRefused ? exitCodes.nothingSelected : exitCodes.passed;
}

function planText({ options, style, io }: Session, { config }: PlannedRun, plan: RunPlan): string {
  if (options.verbose === true) return formatPlanDetails(plan, style);
  const commandOf = (jobId: string) => commandText(config.jobs[jobId]?.run ?? '');
  return formatPlan(plan, { commandOf, style, columns: io.stdoutIsTerminal ? io.columns() : null });
}

const twoFormats = failure('selection', 'There can be only one format', {
  reason: '--graph and --json (or --output) were both given',
  hint: 'Leave one of them out.',
});

async function explain(
  session: Session,
  planned: PlannedRun,
  names: readonly string[],
  jobId: string,
): Promise<number> {
  const explained = await explainJob(session, planned, names, jobId);
  if (!explained.ok) return finishWithFailure(session, explained.error);
  if (session.isForPrograms) printJson(session, 'job-explanation', explained.value);
  else printText(session, formatJobExplanation(explained.value, session.style));
  return exitCodes.passed;
}

/** The plan on the workspace as it is now. */
async function planOnWorkspace(planned: PlannedRun): Promise<Outcome<RunPlan>> {
  const { stateRoot, workspaceRoot } = planned.workspace;
  const identity = await composeSnapshotStore(planned.workspace).identify(workspaceRoot);
  if (!identity.ok) return identity;
  const { hash, sourceRoot } = identity.value;
  return planFor(planned, { dir: snapshotLayout(stateRoot, hash).treeDir, hash, sourceRoot });
}
