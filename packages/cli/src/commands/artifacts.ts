import { resolve } from 'node:path';
import {
  exitCodeForFailure,
  fail,
  identifierPattern,
  ok,
  type Failure,
  type Outcome,
  type RunRecord,
} from '@pikaci/model';
import { formatArtifacts, formatFailure, neutraliseLine } from '@pikaci/report';
import {
  createRunStore,
  extractArtifacts,
  listArtifacts,
  type Extracted,
  type ListedArtifacts,
} from '@pikaci/store';
import type { Command } from 'commander';
import { addJsonOption } from '../options/global-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import type { Session } from '../session.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

interface ArtifactsOptions {
  readonly job?: string;
  readonly extract?: string;
  readonly force?: true;
}

/** `artifacts`: the files that the jobs of a run left. */
export const registerArtifacts: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('artifacts')
    .argument(...runArgument)
    .description('list the files that the jobs of a run left, or copy them')
    .option('--job <id>', 'only those of this job')
    .option('--extract <dir>', 'copy them to <dir>/<job>/<path>; files that are there are kept')
    .option('--force', 'with --extract: replace files that are there')
    .addHelpText(
      'after',
      `
Examples:
  npx pikaci artifacts latest
  npx pikaci artifacts latest --job unit --extract reports`,
    );
  addJsonOption(command).action((reference: string, _, self: Command) =>
    runAction(self, (session) =>
      artifacts(session, reference, self.optsWithGlobals<ArtifactsOptions>()),
    ),
  );
};

async function artifacts(
  session: Session,
  reference: string,
  options: ArtifactsOptions,
): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const read = await createRunStore({ stateRoot }).read(reference);
  if (!read.ok) return finishWithFailure(session, read.error);
  const jobs = jobsOf(read.value, options.job);
  if (!jobs.ok) return finishWithFailure(session, jobs.error);
  const { runId } = read.value;
  const listed = await listArtifacts(stateRoot, runId, jobs.value);
  if (!listed.ok) return finishWithFailure(session, listed.error);
  const dir = options.extract === undefined ? null : resolve(session.io.cwd, options.extract);
  if (dir === null) return tell(session, { runId, listed: listed.value, dir, extracted: null });
  const force = options.force === true;
  const extracted = await extractArtifacts({ artifacts: listed.value.artifacts, dir, force });
  return tell(session, { runId, listed: listed.value, dir, extracted });
}

function jobsOf(run: RunRecord, wanted: string | undefined): Outcome<readonly string[]> {
  const ids = run.jobs.map(({ id }) => id).filter((id) => identifierPattern.test(id));
  if (wanted === undefined) return ok(ids);
  if (ids.includes(wanted)) return ok([wanted]);
  return fail('selection', `The run ${run.runId} has no job "${wanted}"`, {
    hint: ids.length === 0 ? 'It has no jobs.' : `It has ${ids.join(', ')}.`,
  });
}

interface Told {
  readonly runId: string;
  readonly listed: ListedArtifacts;
  /** Where they were copied to; null: nowhere. */
  readonly dir: string | null;
  readonly extracted: Extracted | null;
}

function tell(session: Session, { runId, listed, dir, extracted }: Told): number {
  const failed = extracted?.failure ?? null;
  if (session.isForPrograms) {
    const copy = extracted === null ? null : { dir: dir ?? '', copied: extracted.copied };
    const error = failed === null ? {} : { error: failed };
    printJson(session, 'artifacts', { runId, ...listed, copy, ...error });
  } else if (extracted === null) {
    printText(session, formatArtifacts({ runId, ...listed }, session.style));
  } else tellCopied(session, extracted.copied, dir ?? '');
  if (failed === null) return 0;
  return endFailed(session, failed);
}

/** Each file that was copied, also when not all of them could be. */
function tellCopied(session: Session, copied: readonly string[], dir: string): void {
  const files = `${copied.length} ${copied.length === 1 ? 'file' : 'files'}`;
  const lines = [...copied.map((file) => neutraliseLine(file, false)), `copied ${files} to ${dir}`];
  printText(session, lines.join('\n'));
}

function endFailed(session: Session, failed: Failure): number {
  session.io.stderr.write(`${formatFailure(failed)}\n`);
  return exitCodeForFailure(failed.kind);
}
