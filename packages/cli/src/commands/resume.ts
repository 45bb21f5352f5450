import { resumeRun } from '@pikaci/engine';
import { fail, type AdoptedRun, type Outcome, type RunRecord } from '@pikaci/model';
import { createRunStore, isOwnerGone, systemOwnerProbe } from '@pikaci/store';
import type { Command } from 'commander';
import type { Changes } from '../changes/changes.js';
import { withNxJobs } from '../nx/with-nx-jobs.js';
import { carryOut, type CarryOutOptions } from '../carry-out.js';
import { addEndingOptions } from '../options/ending-options.js';
import { addKeepOptions } from '../options/keep-options.js';
import { positiveInteger } from '../options/positive-integer.js';
import {
  addIncusOptions,
  withRuntimeOptions,
  type RuntimeOptions,
} from '../options/runtime-options.js';
import { finishWithFailure } from '../output/finish.js';
import type { PlannedRun } from '../planned-run.js';
import { recoverAndTell } from '../recovery/recover-and-tell.js';
import { findRunToResume } from '../resume/find-run.js';
import { planAgain } from '../resume/plan-again.js';
import type { Session } from '../session.js';
import { openWorkspace, type Workspace } from '../workspace.js';
import type { RegisterCommand } from './register-command.js';

type ResumeOptions = CarryOutOptions & Pick<RuntimeOptions, 'incusSocket' | 'image'>;

/** `resume`: goes on with a run that was broken off. */
export const registerResume: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('resume')
    .argument(
      '[run]',
      'a run id, the beginning of one, "latest" or "latest-failed"; the latest run that was broken off when none is named',
    )
    .description('go on with a run whose process was killed, or that was cancelled')
    .addHelpText('after', '\nExamples:\n  npx pikaci resume\n  npx pikaci resume latest --jobs 2');
  addKeepOptions(addEndingOptions(addIncusOptions(command)))
    .option('--jobs <n>', 'how many jobs may run at once', positiveInteger)
    .action((reference: string | undefined, _, self: Command) =>
      runAction(self, (session) =>
        resume(session, reference, self.optsWithGlobals<ResumeOptions>()),
      ),
    );
};

async function resume(
  session: Session,
  reference: string | undefined,
  options: ResumeOptions,
): Promise<number> {
  const opened = await openWorkspace(session);
  if (!opened.ok) return finishWithFailure(session, opened.error);
  const workspace = withOptions(session, opened.value, options);
  const found = await findAndPlan(session, workspace, reference);
  if (!found.ok) return finishWithFailure(session, found.error);
  const { record, planned } = found.value;
  await recoverAndTell(session, workspace.stateRoot, { except: record.runId });
  const adopted = await adopt(workspace, record);
  if (!adopted.ok) return finishWithFailure(session, adopted.error);
  return carryOut(session, {
    planned,
    runId: record.runId,
    createdAt: new Date(record.createdAt),
    trace: record.trace,
    options,
    act: (request, ports) => resumeRun(request, adopted.value, ports),
  });
}

function withOptions(session: Session, workspace: Workspace, options: ResumeOptions): Workspace {
  const { config } = workspace;
  const incus = withRuntimeOptions(config.runtimes.incus, options, session.io.env);
  return { ...workspace, config: { ...config, runtimes: { ...config.runtimes, incus } } };
}

async function findAndPlan(
  session: Session,
  workspace: Workspace,
  reference: string | undefined,
): Promise<Outcome<{ readonly record: RunRecord; readonly planned: PlannedRun }>> {
  const store = createRunStore({ stateRoot: workspace.stateRoot });
  const probe = systemOwnerProbe();
  const world = { store, isOwnerGone: (record: RunRecord) => isOwnerGone(record, probe) };
  const found = await findRunToResume(world, reference);
  if (!found.ok) return found;
  const record = found.value;
  const plan = await store.readPlan(record.runId);
  if (!plan.ok) return plan;
  const jobIds = record.jobs.map(({ id }) => id);
  const known: Changes = { kind: 'not-asked' };
  const expanded = await withNxJobs(workspace, session.io.env, jobIds, known);
  if (!expanded.ok) return expanded;
  const { config } = expanded.value;
  const planned = await planAgain({ ...workspace, config }, { record, plan: plan.value });
  return planned.ok ? { ok: true, value: { record, planned: planned.value } } : planned;
}

async function adopt(workspace: Workspace, { runId }: RunRecord): Promise<Outcome<AdoptedRun>> {
  const adopted = await createRunStore({ stateRoot: workspace.stateRoot }).adopt(runId);
  if (!adopted.ok || adopted.value !== null) return adopted as Outcome<AdoptedRun>;
  return fail('selection', `The run ${runId} goes on`, {
    reason: 'another process has just taken it over',
    hint: `See \`npx pikaci status ${runId}\`.`,
  });
}
