import { ok, type Outcome, type ShownSnapshot } from '@pikaci/model';
import { formatSnapshot } from '@pikaci/report';
import { hashTreeV1, measureSnapshot } from '@pikaci/snapshot';
import { createRunStore, latestReference } from '@pikaci/store';
import type { Command } from 'commander';
import { addJsonOption } from '../../options/global-options.js';
import { finishWithFailure } from '../../output/finish.js';
import { printJson, printText } from '../../output/print.js';
import type { Session } from '../../session.js';
import { findStateRoot } from '../../workspace.js';
import type { RegisterCommand } from '../register-command.js';
import { addContentHashOption, type ContentHashOptions } from './content-hash-options.js';
import { printContentHash } from './print-content-hash.js';
import {
  snapshotReferenceText,
  storedSnapshotOf,
  type MeantSnapshot,
} from './stored-snapshot-of.js';

/** `snapshot show`: what a snapshot is, where it lies and which runs were on it. */
export const registerSnapshotShow: RegisterCommand = (group, runAction) => {
  const command: Command = group
    .command('show')
    .argument('[run|hash]', snapshotReferenceText, latestReference)
    .description('show what a snapshot is, how large, where it lies and which runs were on it')
    .addHelpText('after', '\nExample:\n  npx pikaci snapshot show latest');
  addContentHashOption(
    command,
    "print only the earlier record format's content_hash of the snapshot's files",
  );
  addJsonOption(command).action((reference: string, _, self: Command) =>
    runAction(self, (session) => show(session, reference, self.optsWithGlobals())),
  );
};

async function show(
  session: Session,
  reference: string,
  options: ContentHashOptions,
): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const meant = await storedSnapshotOf(stateRoot, reference);
  if (!meant.ok) return finishWithFailure(session, meant.error);
  const { snapshot } = meant.value;
  if (options.hash !== undefined) {
    return printContentHash(session, await hashTreeV1(snapshot.dir), null);
  }
  const shown = await describe(stateRoot, meant.value);
  if (!shown.ok) return finishWithFailure(session, shown.error);
  if (!session.isForPrograms) {
    printText(session, formatSnapshot(shown.value, session.style));
  } else printJson(session, 'snapshot-show', shown.value);
  return 0;
}

async function describe(
  stateRoot: string,
  { snapshot, run }: MeantSnapshot,
): Promise<Outcome<ShownSnapshot>> {
  const measure = await measureSnapshot(snapshot);
  if (!measure.ok) return measure;
  const runs = await createRunStore({ stateRoot }).list();
  if (!runs.ok) return runs;
  const { hash, dir, marker } = snapshot;
  const { hashVersion, createdAt } = marker;
  // The marker tells of the run that took the snapshot: one that found it may have been on another commit.
  const { sourceRoot, gitHead, gitDirty } = run ?? marker;
  const ids = runs.value.flatMap((one) =>
    one.ok && one.value.snapshotHash === hash ? [one.value.runId] : [],
  );
  return ok({
    hash,
    hashVersion,
    sourceRoot,
    gitHead,
    gitDirty,
    createdAt,
    dir,
    ...measure.value,
    runs: ids,
  });
}
