import { exitCodeForFailure, exitCodes, type Outcome, type RunLimits } from '@pikaci/model';
import { formatRunGarbage } from '@pikaci/report';
import { collectOldRuns, createRunStore, pinRun, unpinRun } from '@pikaci/store';
import { Option, type Command } from 'commander';
import { age, byteSize } from '../options/cache-limit.js';
import { addJsonOption } from '../options/global-options.js';
import { positiveInteger } from '../options/positive-integer.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import { canBeResumed } from '../resume/find-run.js';
import type { Session } from '../session.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

interface GcOptions {
  readonly dryRun?: boolean;
  /** Seconds. */
  readonly maxAge?: number;
  readonly maxRuns?: number;
  /** Bytes. */
  readonly maxSize?: number;
  /** References to runs. */
  readonly pin?: string;
  readonly unpin?: string;
}

/** `gc`: removes old runs, and pins those that are to stay. */
export const registerGc: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('gc')
    .description(
      'remove old runs until the limits hold, the oldest first; without limits the newest 50 and all of the last 30 days stay',
    )
    .option('--max-age <age>', 'how long ago a run may have ended, such as 30d', age)
    .option('--max-runs <n>', 'how many runs may be there', positiveInteger)
    .option('--max-size <size>', 'most that all runs together may take, such as 20GiB', byteSize)
    .option('--dry-run', 'only show what would be removed and kept, and why')
    .addOption(pinOption('--pin <run>', `keep a run for good: ${runArgument[1]}`, 'unpin'))
    .addOption(pinOption('--unpin <run>', 'let a run that was pinned go again', 'pin'))
    .addHelpText(
      'after',
      `
Runs that go on, that are pinned, or that may have left something stay; those that "resume" could go on with go only
for their age. Payloads and snapshots are no part of it: see "payload gc".

Examples:
  npx pikaci gc --dry-run
  npx pikaci gc --max-age 30d --max-size 20GiB
  npx pikaci gc --pin latest-failed`,
    );
  addJsonOption(command).action((_, self: Command) =>
    runAction(self, (session) => gc(session, self.optsWithGlobals<GcOptions>())),
  );
};

function pinOption(flags: string, description: string, other: string): Option {
  const removing = ['maxAge', 'maxRuns', 'maxSize', 'dryRun'];
  return new Option(flags, description).conflicts([other, ...removing]);
}

async function gc(session: Session, options: GcOptions): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const { pin, unpin } = options;
  if (pin !== undefined) return changePin(session, stateRoot, pin, true);
  if (unpin !== undefined) return changePin(session, stateRoot, unpin, false);
  const collected = await collectOldRuns({
    stateRoot,
    limits: limitsOf(options),
    dryRun: options.dryRun ?? false,
    clock: session.io.clock,
    // A run whose record says that it is running stays anyhow.
    isResumable: (record) => canBeResumed({ isOwnerGone: () => true }, record),
  });
  if (!collected.ok) return finishWithFailure(session, collected.error);
  const report = collected.value;
  if (!session.isForPrograms) printText(session, formatRunGarbage(report, session.style));
  else printJson(session, 'gc', report);
  const [failed] = report.failures;
  return failed === undefined ? exitCodes.passed : exitCodeForFailure(failed.kind);
}

/** Null when no limit is given. */
function limitsOf({ maxAge, maxRuns, maxSize }: GcOptions): RunLimits | null {
  if (maxAge === undefined && maxRuns === undefined && maxSize === undefined) return null;
  return {
    maxAgeSeconds: maxAge ?? null,
    maxRuns: maxRuns ?? null,
    maxSizeBytes: maxSize ?? null,
  };
}

async function changePin(
  session: Session,
  stateRoot: string,
  reference: string,
  isPinned: boolean,
): Promise<number> {
  const read = await createRunStore({ stateRoot }).read(reference);
  if (!read.ok) return finishWithFailure(session, read.error);
  const { runId } = read.value;
  const changed: Outcome<void> = await (isPinned ? pinRun : unpinRun)(stateRoot, runId);
  if (!changed.ok) return finishWithFailure(session, changed.error);
  if (!session.isForPrograms) {
    printText(session, isPinned ? `run ${runId} is pinned` : `run ${runId} is not pinned any more`);
  } else printJson(session, 'gc-pin', { runId, isPinned });
  return exitCodes.passed;
}
