import type { OutputValue, PayloadInventory, payloadListOutputSchema } from '@pikaci/model';
import { listPayloads } from '@pikaci/payloads';
import { formatPayloadList } from '@pikaci/report';
import { addJsonOption } from '../../options/global-options.js';
import { printJson, printText } from '../../output/print.js';
import type { Session } from '../../session.js';
import { findStateRoot } from '../../workspace.js';
import type { RegisterCommand } from '../register-command.js';

/** `payload list`: what is in the store. */
export const registerPayloadList: RegisterCommand = (group, runAction) => {
  const command = group
    .command('list')
    .description('list the payloads that are kept, the most recently used first')
    .addHelpText('after', '\nExample:\n  npx pikaci payload list --json');
  addJsonOption(command).action((_, self: typeof command) => runAction(self, list));
};

async function list(session: Session): Promise<number> {
  const inventory = await listPayloads(await findStateRoot(session));
  if (!session.isForPrograms) printText(session, formatPayloadList(inventory, session.style));
  else printJson(session, 'payload-list', listRecord(inventory));
  return 0;
}

/** The list for programs: of each payload what tells it apart, the rest is in what `show` prints. */
function listRecord({
  payloads,
  damaged,
}: PayloadInventory): OutputValue<typeof payloadListOutputSchema> {
  return {
    payloads: payloads.map(({ record, storePath, lastUsedAt, users }) => ({
      payloadId: record.payloadId,
      contentKey: record.contentKey,
      kind: record.kind,
      sizeBytes: record.sizeBytes,
      fileCount: record.fileCount,
      digest: record.digest,
      externalPath: record.externalPath,
      storePath,
      builtAt: record.builtAt,
      lastUsedAt,
      inUseBy: users,
    })),
    damaged,
  };
}
