import { fail } from '@pikaci/model';
import { hashWorkspaceV1 } from '@pikaci/snapshot';
import type { Command } from 'commander';
import { composeSnapshotStore } from '../../compose.js';
import { addJsonOption } from '../../options/global-options.js';
import { finishWithFailure } from '../../output/finish.js';
import { printJson, printText } from '../../output/print.js';
import type { Session } from '../../session.js';
import { openWorkspace } from '../../workspace.js';
import type { RegisterCommand } from '../register-command.js';
import {
  addContentHashOption,
  addProfileOption,
  type ContentHashOptions,
  type ProfileOptions,
} from './content-hash-options.js';
import { printContentHash } from './print-content-hash.js';

type HashOptions = ContentHashOptions & ProfileOptions;

/** `snapshot hash`: the identity of the workspace as it is now. Writes nothing. */
export const registerSnapshotHash: RegisterCommand = (group, runAction) => {
  const command: Command = group
    .command('hash')
    .description('print the hash that a snapshot of the workspace as it is now has, and take none')
    .addHelpText('after', '\nExample:\n  npx pikaci snapshot hash --hash v1');
  addContentHashOption(
    command,
    "print the earlier record format's content_hash: of all files on disk, ignored ones too, less what it leaves out by name",
  );
  addJsonOption(addProfileOption(command)).action((_, self: Command) =>
    runAction(self, (session) => hash(session, self.optsWithGlobals<HashOptions>())),
  );
};

async function hash(session: Session, options: HashOptions): Promise<number> {
  if (options.profile !== undefined && options.hash === undefined) {
    const refused = fail('config', '--profile has no meaning without --hash v1', {
      hint: 'What is in a snapshot is said by snapshot.include and snapshot.exclude.',
    });
    return finishWithFailure(session, refused.error);
  }
  const workspace = await openWorkspace(session);
  if (!workspace.ok) return finishWithFailure(session, workspace.error);
  const { workspaceRoot, stateRoot } = workspace.value;
  if (options.hash !== undefined) {
    const { profile = 'full' } = options;
    const hashed = await hashWorkspaceV1({ workspaceRoot, stateRoot, profile });
    return printContentHash(session, hashed, profile);
  }
  const identity = await composeSnapshotStore(workspace.value).identify(workspaceRoot);
  if (!identity.ok) return finishWithFailure(session, identity.error);
  if (!session.isForPrograms) printText(session, identity.value.hash);
  else printJson(session, 'snapshot-hash', identity.value);
  return 0;
}
