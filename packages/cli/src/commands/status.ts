import { runRecordCodec } from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import { formatRunStatus } from '@pikaci/report';
import { createRunStore, isOwnerGone, systemOwnerProbe } from '@pikaci/store';
import type { Command } from 'commander';
import { addJsonOption } from '../options/global-options.js';
import { finishWithFailure } from '../output/finish.js';
import { printJson, printText } from '../output/print.js';
import type { Session } from '../session.js';
import { findStateRoot } from '../workspace.js';
import { runArgument, type RegisterCommand } from './register-command.js';

/** `status`: how a run went, or goes. */
export const registerStatus: RegisterCommand = (program, runAction) => {
  const command: Command = program
    .command('status')
    .argument(...runArgument)
    .description('show how a run went, or goes');
  addJsonOption(command).action((reference: string, _, self: Command) =>
    runAction(self, (session) => status(session, reference)),
  );
};

async function status(session: Session, reference: string): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const store = createRunStore({ stateRoot });
  const read = await store.read(reference);
  if (!read.ok) return finishWithFailure(session, read.error);
  const record = read.value;
  if (session.isForPrograms) {
    printJson(session, runRecordCodec.encode(record));
    return 0;
  }
  const prepared = await store.readPreparedOutputs(record.runId);
  const text = formatRunStatus(
    {
      record,
      abandoned: isOwnerGone(record, systemOwnerProbe()),
      payloads: prepared.ok ? (prepared.value?.outputs ?? []) : [],
      recordPath: runLayout(stateRoot, record.runId).runFile,
    },
    session.style,
  );
  printText(session, text);
  return 0;
}
