import {
  failure,
  ok,
  type Failure,
  type listOutputSchema,
  type Outcome,
  type OutputValue,
  type PikaciConfig,
} from '@pikaci/model';
import {
  formatCatalogue,
  formatFailure,
  formatRunLine,
  type Catalogue,
  type ListedRun,
} from '@pikaci/report';
import { createRunStore, isOwnerGone, systemOwnerProbe } from '@pikaci/store';
import type { Command } from 'commander';
import { addJsonOption } from '../options/global-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import type { Session } from '../session.js';
import { findStateRoot, openWorkspace } from '../workspace.js';
import { addListOptions, isWanted, type ListOptions } from './list-options.js';
import type { RegisterCommand } from './register-command.js';

/** Runs that are shown unless `--limit` says otherwise: about half a screen. */
const usualRuns = 10;

/** `list`: what can be run, and what has been. */
export const registerList: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('list')
    .description('show the targets and jobs that can be run, and the latest runs, newest first')
    .addHelpText(
      'after',
      `
Examples:
  npx pikaci list --target web --status failed,skipped --limit 5
  npx pikaci list --format tsv --status running | cut -f 1`,
    );
  addJsonOption(addListOptions(command)).action((_, self: Command) =>
    runAction(self, (session) => list(session, self.optsWithGlobals<ListOptions>())),
  );
};

async function list(session: Session, options: ListOptions): Promise<number> {
  if (options.format === 'tsv') return listLines(session, options);
  const workspace = await openWorkspace(session);
  if (!workspace.ok) return finishWithFailure(session, workspace.error);
  const listed = await listRuns(workspace.value.stateRoot, options);
  if (!listed.ok) return finishWithFailure(session, listed.error);
  const { runs, damaged } = listed.value;
  const limit = options.limit ?? options.runs ?? usualRuns;
  const catalogue: Catalogue = {
    ...whatCanBeRun(workspace.value.config),
    runs: runs.slice(0, limit),
    damaged,
  };
  if (!session.isForPrograms) printText(session, formatCatalogue(catalogue, session.style));
  else printJson(session, 'list', catalogueRecord(catalogue));
  return 0;
}

/** One line a run, for `cut` and its like. What cannot be read is told on standard error. */
async function listLines(session: Session, options: ListOptions): Promise<number> {
  if (session.isForPrograms) {
    return finishWithFailure(session, twoFormats);
  }
  const listed = await listRuns(await findStateRoot(session), options);
  if (!listed.ok) return finishWithFailure(session, listed.error);
  const { runs, damaged } = listed.value;
  for (const failed of damaged) session.io.stderr.write(`${formatFailure(failed)}\n`);
  const wanted = runs.slice(0, options.limit ?? options.runs);
  for (const { record } of wanted) session.io.stdout.write(`${formatRunLine(record)}\n`);
  return 0;
}

const twoFormats = failure('selection', 'There can be only one format', {
  reason: '--format tsv and --json (or --output) were both given',
  hint: 'Leave one of them out.',
});

async function listRuns(
  stateRoot: string,
  options: ListOptions,
): Promise<Outcome<{ readonly runs: ListedRun[]; readonly damaged: Failure[] }>> {
  const listed = await createRunStore({ stateRoot }).list();
  if (!listed.ok) return listed;
  const probe = systemOwnerProbe();
  const runs: ListedRun[] = [];
  const damaged: Failure[] = [];
  for (const run of listed.value) {
    if (!run.ok) damaged.push(run.error);
    else if (isWanted(options, run.value)) {
      runs.push({ record: run.value, abandoned: isOwnerGone(run.value, probe) });
    }
  }
  return ok({ runs, damaged });
}

function whatCanBeRun(config: PikaciConfig): Pick<Catalogue, 'targets' | 'jobs'> {
  return {
    targets: Object.entries(config.targets).map(([id, target]) => ({
      id,
      description: target.description ?? null,
      jobs: [
        ...target.jobs,
        ...(target.nx === undefined ? [] : [`<Nx projects with ${target.nx.target}>`]),
      ],
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
function catalogueRecord(catalogue: Catalogue): OutputValue<typeof listOutputSchema> {
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
  return { ...catalogue, runs };
}
