import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemFailure, writeFileAtomically } from '@pikaci/host';
import { fail, ok, type Outcome, type OutputValue, type reportOutputSchema } from '@pikaci/model';
import { formatHtml, formatJunit, githubAnnotations, type RunDocument } from '@pikaci/report';
import { createRunStore } from '@pikaci/store';
import type { Command } from 'commander';
import { addJsonOption } from '../options/global-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import { readRunDocument } from '../output/run-document.js';
import { appendStepSummary } from '../output/step-summary.js';
import type { Session } from '../session.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

interface ReportOptions {
  readonly junit?: string;
  readonly html?: string;
  readonly github?: true;
}

/** `report`: a run that has been, in the forms in which other programs want it. */
export const registerReport: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('report')
    .argument(...runArgument)
    .description('write what a run came to: JUnit XML, an HTML page, GitHub annotations, JSON')
    .option('--junit <file>', 'JUnit XML, with the end of the log of each job that failed')
    .option('--html <file>', 'one page that needs nothing else')
    .option(
      '--github',
      'annotations on standard output, and a summary of the step in $GITHUB_STEP_SUMMARY',
    )
    .addHelpText(
      'after',
      `
Examples:
  npx pikaci report latest --junit reports/pikaci.xml --html reports/pikaci.html
  npx pikaci report latest --github      in a step of GitHub Actions, with "if: always()"
  npx pikaci report latest --json        the record, and the end of each job's log`,
    );
  addJsonOption(command).action((reference: string, _, self: Command) =>
    runAction(self, (session) => report(session, reference, self.optsWithGlobals<ReportOptions>())),
  );
};

async function report(
  session: Session,
  reference: string,
  options: ReportOptions,
): Promise<number> {
  const { junit, html, github } = options;
  const wantsJson = session.isForPrograms;
  if (junit === undefined && html === undefined && github !== true && !wantsJson) {
    return finishWithFailure(session, nothingWanted);
  }
  const onOutput = [junit === '-', html === '-', github === true, wantsJson].filter(Boolean).length;
  if (onOutput > 1) return finishWithFailure(session, severalOnOutput);
  const document = await readDocument(session, reference);
  if (!document.ok) return finishWithFailure(session, document.error);
  for (const write of [
    () => writeDocument(session, junit, () => formatJunit(document.value)),
    () => writeDocument(session, html, () => formatHtml(document.value)),
    () => tellGithub(session, github === true, document.value),
  ]) {
    const written = await write();
    if (!written.ok) return finishWithFailure(session, written.error);
  }
  if (wantsJson) printJson(session, 'report', documentRecord(document.value));
  return 0;
}

const nothingWanted = fail('selection', 'No form of report was asked for', {
  hint: 'Name one or more of --junit FILE, --html FILE, --github and --json.',
}).error;

const severalOnOutput = fail('selection', 'Standard output can have only one report', {
  reason: '--junit -, --html -, --github and --json all go there',
  hint: 'Name files for the others.',
}).error;

async function readDocument(session: Session, reference: string): Promise<Outcome<RunDocument>> {
  const stateRoot = await findStateRoot(session);
  const read = await createRunStore({ stateRoot }).read(reference);
  if (!read.ok) return read;
  return ok(await readRunDocument(stateRoot, read.value));
}

/** Writes a report to a file, or to standard output for `-`. Paths are relative to where the command was started. */
async function writeDocument(
  session: Session,
  file: string | undefined,
  format: () => string,
): Promise<Outcome<void>> {
  if (file === undefined) return ok(undefined);
  if (file === '-') {
    printText(session, format().trimEnd());
    return ok(undefined);
  }
  const path = resolve(session.io.cwd, file);
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    return systemFailure(`The report ${path} cannot be written`, error, path);
  }
  return writeFileAtomically(path, format());
}

async function tellGithub(
  session: Session,
  isWanted: boolean,
  document: RunDocument,
): Promise<Outcome<void>> {
  if (!isWanted) return ok(undefined);
  for (const line of githubAnnotations(document)) session.io.stdout.write(`${line}\n`);
  return appendStepSummary(session, document);
}

function documentRecord({ record, logTails }: RunDocument): OutputValue<typeof reportOutputSchema> {
  return { run: record, logTails: [...logTails].map(([job, tail]) => ({ job, ...tail })) };
}
