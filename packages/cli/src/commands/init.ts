import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  findConfigFile,
  findTools,
  firstConfigFormats,
  formatFirstConfig,
  makeFirstConfig,
  readProjectFiles,
  type FirstConfigFormat,
  type FoundTool,
} from '@pikaci/config';
import { writeFileAtomically } from '@pikaci/host';
import { fail, ok, type Outcome, type InitReport } from '@pikaci/model';
import { formatInit } from '@pikaci/report';
import { Option, type Command } from 'commander';
import { checkConfigInTheWay } from '../init/config-in-the-way.js';
import { ignoreState, stateInGit, type StateInGit } from '../init/ignore-state.js';
import { largeDirectories, largeDirectoryNotes } from '../init/large-directories.js';
import { addJsonOption } from '../options/global-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import type { Session } from '../session.js';
import type { RegisterCommand } from './register-command.js';

interface InitOptions {
  readonly format: FirstConfigFormat;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

/** `init`: a first configuration, for what the directory holds. */
export const registerInit: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('init')
    .description(
      'write a first configuration for what is here: npm, pnpm or yarn, Nx, cargo, go, Python, make',
    )
    .addOption(
      new Option('--format <format>', 'how it is written')
        .choices(firstConfigFormats)
        .default('yaml'),
    )
    .option('--dry-run', 'show it, and write nothing')
    .option('--force', 'write it anew when it is there already')
    .addHelpText(
      'after',
      `
Examples:
  npx pikaci init                  pikaci.config.yaml, with comments that explain it
  npx pikaci init --dry-run        what would be written
  npx pikaci init --format ts      pikaci.config.ts, with the same comments
  npx pikaci init -C packages/app  of another directory`,
    );
  addJsonOption(command).action((_, self: Command) =>
    runAction(self, (session) => init(session, self.optsWithGlobals<InitOptions>())),
  );
};

async function init(session: Session, options: InitOptions): Promise<number> {
  const report = await makeReport(session, options);
  if (!report.ok) return finishWithFailure(session, report.error);
  const written = await write(session, report.value);
  if (!written.ok) return finishWithFailure(session, written.error);
  if (!session.isForPrograms) {
    printText(session, formatInit(report.value, session.style));
  } else printJson(session, 'init', report.value);
  return 0;
}

async function makeReport(
  session: Session,
  { format, dryRun = false, force = false }: InitOptions,
): Promise<Outcome<InitReport>> {
  const { cwd, io } = session;
  const named = session.options.config;
  if (named !== undefined) return hasNoName(named);
  if (!(await isDirectory(cwd))) return noDirectory(cwd);
  const file = join(cwd, `pikaci.config.${format}`);
  const free = dryRun ? ok(undefined) : await checkConfigInTheWay(cwd, file, force);
  if (!free.ok) return free;
  const tools = findTools(await readProjectFiles(cwd));
  const inGit = await stateInGit({ cwd, env: io.env });
  const large = await largeDirectories({ cwd, env: io.env });
  return ok({
    found: tools.map(({ id, files, jobs }) => ({ id, files, jobs: jobs.map(({ name }) => name) })),
    notes: [
      ...notesOf(tools),
      ...largeDirectoryNotes(large, inGit !== 'no-repository'),
      ...(await notesOnOthers(cwd)),
    ],
    file,
    written: !dryRun,
    text: formatFirstConfig(makeFirstConfig(tools), format),
    gitignore: gitignoreOf(inGit, dryRun),
  });
}

function hasNoName(named: string): Outcome<never> {
  return fail('config', 'init takes no --config: it writes pikaci.config.* in the directory', {
    hint: `Leave it out, and move the file to ${named} afterwards.`,
  });
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function noDirectory(path: string): Outcome<never> {
  return fail('config', `There is no directory ${path}`, { hint: 'Correct the path after -C.' });
}

function notesOf(tools: readonly FoundTool[]): readonly string[] {
  const make = tools.find(({ id, jobs }) => id === 'make' && jobs.length > 0);
  const others = tools.filter((tool) => tool !== make && tool.jobs.length > 0);
  return [
    ...tools.flatMap(({ notes }) => notes),
    ...(make === undefined || others.length === 0
      ? []
      : ['where the Makefile calls the other tools, take out the jobs that are there twice']),
  ];
}

/** A configuration further up is no longer found from here. */
async function notesOnOthers(cwd: string): Promise<readonly string[]> {
  const above = await findConfigFile(resolve(cwd, '..'));
  return above.ok && above.value !== null
    ? [`below ${cwd} this configuration counts, and no longer ${above.value}`]
    : [];
}

function gitignoreOf(inGit: StateInGit, dryRun: boolean): InitReport['gitignore'] {
  if (inGit !== 'seen') return inGit;
  return dryRun ? 'to-be-added' : 'added';
}

async function write(
  { cwd }: Session,
  { file, text, written, gitignore }: InitReport,
): Promise<Outcome<void>> {
  if (!written) return ok(undefined);
  const wrote = await writeFileAtomically(file, text);
  if (!wrote.ok || gitignore !== 'added') return wrote;
  return ignoreState(cwd);
}
