import { ok, type Outcome, type RunRecord } from '@pikaci/model';
import { createRunStore } from '@pikaci/store';
import type { Command } from 'commander';
import { withNxJobs } from '../nx/with-nx-jobs.js';
import { addIncusOptions, type RuntimeOptions } from '../options/runtime-options.js';
import { finishWithFailure } from '../output/finish.js';
import { configWith } from '../planned-run.js';
import { recoverAndTell } from '../recovery/recover-and-tell.js';
import type { Session } from '../session.js';
import { findShellJob } from '../shell/find-job.js';
import { openJobShell } from '../shell/open-job-shell.js';
import { splitOperands, type ShellOperands } from '../shell/split-operands.js';
import { openWorkspace, type Workspace } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

interface ShellOptions extends Pick<RuntimeOptions, 'incusSocket' | 'image'> {
  readonly job?: string;
}

/** `shell`: a shell in what a job had. */
export const registerShell: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('shell')
    .argument('[run]', `${runArgument[1]}; the latest run when none is named`)
    .argument('[command...]', 'after --: a command that is run instead of a shell')
    .description(
      'open a shell in what a job had: its files as it began, its mounts, variables, secrets, user and limits',
    )
    .option('--job <id>', 'the job; the one that failed when none is named')
    .addHelpText('after', examples);
  addIncusOptions(command).action(
    (_run: unknown, _command: unknown, _options: unknown, self: Command) =>
      runAction(self, (session) =>
        shell(session, splitOperands(self), self.optsWithGlobals<ShellOptions>()),
      ),
  );
};

const examples = `
Examples:
  npx pikaci shell                                      in the job that failed in the latest run
  npx pikaci shell latest --job unit                    in this one
  npx pikaci shell latest --job unit -- npm test -- -t foo
  echo 'sh -c "$PIKACI_COMMAND"' | npx pikaci shell     what the job ran, once more

The working tree is made again: what the job wrote is not in it. $PIKACI_COMMAND is the command of the job, and
PIKACI_ARTIFACTS an empty directory. Secrets are those that the configuration gives now, and what the shell prints is
not masked. All of it is removed when the shell ends, and so is what it has started. Where the instance of the job was kept
(run --keep on-failure), the shell is in that, as the job left it, and it stays.

Exit code: that of the shell, or of the command; 2 and 3 also when it could not be opened.`;

async function shell(
  session: Session,
  operands: Outcome<ShellOperands>,
  options: ShellOptions,
): Promise<number> {
  if (!operands.ok) return finishWithFailure(session, operands.error);
  const { run: reference, command } = operands.value;
  const opened = await openWorkspace(session);
  if (!opened.ok) return finishWithFailure(session, opened.error);
  const { stateRoot, config } = opened.value;
  const workspace = { ...opened.value, config: configWith(config, options, session) };
  const store = createRunStore({ stateRoot });
  const read = await store.read(reference ?? 'latest');
  if (!read.ok) return finishWithFailure(session, read.error);
  await recoverAndTell(session, stateRoot);
  const job = findShellJob(read.value, options.job);
  if (!job.ok) return finishWithFailure(session, job.error);
  const expanded = await expand(session, workspace, read.value);
  if (!expanded.ok) return finishWithFailure(session, expanded.error);
  const of = { workspace: expanded.value, store, run: read.value, record: job.value, command };
  const ended = await openJobShell(session, of);
  return ended.ok ? ended.value : finishWithFailure(session, ended.error);
}

/** With the jobs of Nx targets, should the run have some. */
async function expand(
  session: Session,
  workspace: Workspace,
  run: RunRecord,
): Promise<Outcome<Workspace>> {
  const ids = run.jobs.map(({ id }) => id);
  const expanded = await withNxJobs(workspace, session.io.env, ids, { kind: 'not-asked' });
  return expanded.ok ? ok({ ...workspace, config: expanded.value.config }) : expanded;
}
