import { ok, toSnakeCaseKeys, type Failure, type Outcome, type PikaciConfig } from '@pikaci/model';
import { formatCatalogue, type Catalogue, type ListedRun } from '@pikaci/report';
import { createRunStore, isOwnerGone, systemOwnerProbe } from '@pikaci/store';
import type { Command } from 'commander';
import { addJsonOption } from '../options/global-options.js';
import { positiveInteger } from '../options/positive-integer.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import type { Session } from '../session.js';
import { openWorkspace } from '../workspace.js';
import type { RegisterCommand } from './register-command.js';

/** Runs that are shown unless `--runs` says otherwise: about half a screen. */
const usualRuns = 10;

/** `list`: what can be run, and what has been. */
export const registerList: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('list')
    .description('show the targets and jobs that can be run, and the latest runs, newest first')
    .option('--runs <n>', 'how many runs to show', positiveInteger, usualRuns);
  addJsonOption(command).action((_, self: Command) =>
    runAction(self, (session) => list(session, self.optsWithGlobals<{ runs: number }>().runs)),
  );
};

async function list(session: Session, runCount: number): Promise<number> {
  const workspace = await openWorkspace(session);
  if (!workspace.ok) return finishWithFailure(session, workspace.error);
  const runs = await listRuns(workspace.value.stateRoot);
  if (!runs.ok) return finishWithFailure(session, runs.error);
  const catalogue: Catalogue = {
    ...whatCanBeRun(workspace.value.config),
    runs: runs.value.runs.slice(0, runCount),
    damaged: runs.value.damaged,
  };
  if (!session.isForPrograms) printText(session, formatCatalogue(catalogue, session.style));
  else printJson(session, catalogueRecord(catalogue));
  return 0;
}

async function listRuns(
  stateRoot: string,
): Promise<Outcome<{ readonly runs: ListedRun[]; readonly damaged: Failure[] }>> {
  const listed = await createRunStore({ stateRoot }).list();
  if (!listed.ok) return listed;
  const probe = systemOwnerProbe();
  const runs: ListedRun[] = [];
  const damaged: Failure[] = [];
  for (const run of listed.value) {
    if (run.ok) runs.push({ record: run.value, abandoned: isOwnerGone(run.value, probe) });
    else damaged.push(run.error);
  }
  return ok({ runs, damaged });
}

function whatCanBeRun(config: PikaciConfig): Pick<Catalogue, 'targets' | 'jobs'> {
  return {
    targets: Object.entries(config.targets).map(([id, target]) => ({
      id,
      description: target.description ?? null,
      jobs: target.jobs,
      isDefault: config.defaultTarget === id,
    })),
    jobs: Object.entries(config.jobs).map(([id, job]) => ({
      id,
      description: job.description ?? null,
      runtime: job.runtime ?? config.defaults.runtime,
      payloads: job.payloads.map((entry) =>
        typeof entry === 'string' ? entry : `${entry.payload} (${entry.runtime})`,
      ),
      needs: job.needs,
    })),
  };
}

/** The catalogue for programs: of each run what tells it apart, the rest is in its record. */
function catalogueRecord(catalogue: Catalogue): unknown {
  const runs = catalogue.runs.map(({ record, abandoned }) => ({
    runId: record.runId,
    status: record.status,
    failureKind: record.failureKind,
    targetId: record.targetId,
    createdAt: record.createdAt,
    finishedAt: record.finishedAt,
    abandoned,
    jobs: record.jobs.map(({ id, status }) => ({ id, status })),
  }));
  return toSnakeCaseKeys({ ...catalogue, runs });
}
