import { formatSnapshotChanges } from '@pikaci/report';
import type { Command } from 'commander';
import { addJsonOption } from '../../options/global-options.js';
import { finishWithFailure } from '../../output/finish.js';
import { printJson, printText } from '../../output/print.js';
import type { Session } from '../../session.js';
import { findStateRoot } from '../../workspace.js';
import type { RegisterCommand } from '../register-command.js';
import { changesBetween, differenceRecord, type PathChange } from './snapshot-difference.js';
import { snapshotReferenceText, storedSnapshotOf } from './stored-snapshot-of.js';

interface DiffOptions {
  readonly nameOnly?: boolean;
  /** Of `-z`. */
  readonly z?: boolean;
  readonly exitCode?: boolean;
}

/** The exit code of `--exit-code` for snapshots that differ, as of `git diff`. */
const differentExitCode = 1;

/** `snapshot diff`: which paths differ between the snapshots of two runs. */
export const registerSnapshotDiff: RegisterCommand = (group, runAction) => {
  const command: Command = group
    .command('diff')
    .argument('<before>', snapshotReferenceText)
    .argument('<after>', 'the same')
    .description('show which paths were added, removed or changed from one snapshot to another')
    .addHelpText('after', '\nExample:\n  npx pikaci snapshot diff latest-failed latest --name-only')
    .option('--name-only', 'print only the paths, one a line; odd ones in quotes, as git does')
    .option('-z', 'print only the paths, as they are, each ended by a NUL')
    .option('--exit-code', 'end with 1 when the snapshots differ, 0 when they are the same');
  addJsonOption(command).action((before: string, after: string, _, self: Command) =>
    runAction(self, (session) => diff(session, [before, after], self.optsWithGlobals())),
  );
};

async function diff(
  session: Session,
  [first, second]: readonly [string, string],
  options: DiffOptions,
): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const before = await storedSnapshotOf(stateRoot, first);
  if (!before.ok) return finishWithFailure(session, before.error);
  const after = await storedSnapshotOf(stateRoot, second);
  if (!after.ok) return finishWithFailure(session, after.error);
  const changes = changesBetween(before.value.snapshot, after.value.snapshot);
  if (!changes.ok) return finishWithFailure(session, changes.error);
  if (session.isForPrograms) {
    printJson(session, 'snapshot-diff', differenceRecord(before.value, after.value, changes.value));
  } else printChanges(session, changes.value, options);
  return options.exitCode === true && changes.value.length > 0 ? differentExitCode : 0;
}

function printChanges(
  session: Session,
  changes: readonly PathChange[],
  { nameOnly, z }: DiffOptions,
): void {
  if (z === true) {
    for (const { bytes } of changes) session.io.stdout.write(Buffer.concat([bytes, nul]));
  } else if (nameOnly === true) {
    for (const { path } of changes) printText(session, path);
  } else printText(session, formatSnapshotChanges(changes, session.style));
}

const nul = Buffer.from([0]);
