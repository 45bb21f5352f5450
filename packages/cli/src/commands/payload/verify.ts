import {
  exitCodes,
  formatTimestamp,
  ok,
  type Outcome,
  type PayloadInventory,
  type PayloadVerification,
  type VerifiedPayload,
} from '@pikaci/model';
import { listPayloads, removePayload, verifyPayload } from '@pikaci/payloads';
import { formatVerifications } from '@pikaci/report';
import { addJsonOption } from '../../options/global-options.js';
import { finishWithFailure } from '../../output/finish.js';
import { printJson, printText } from '../../output/print.js';
import type { Session } from '../../session.js';
import { findStateRoot } from '../../workspace.js';
import type { RegisterCommand } from '../register-command.js';
import { findReferred, isStored, keyOf, type ReferredPayload } from './payload-reference.js';

interface VerifyOptions {
  readonly remove?: boolean;
}

/** `payload verify`: reads payloads and compares them with their digests. */
export const registerPayloadVerify: RegisterCommand = (group, runAction) => {
  const command = group
    .command('verify')
    .argument('[payloads...]', 'payload ids or beginnings of keys; all when none is named')
    .description('compare payloads with what they were when they were built')
    .option('--remove', 'remove those that differ, unless they are in use')
    .addHelpText('after', '\nExample:\n  npx pikaci payload verify node-modules --remove');
  addJsonOption(command).action((references: string[], _, self: typeof command) =>
    runAction(self, (session) =>
      verify(session, references, self.optsWithGlobals<VerifyOptions>()),
    ),
  );
};

async function verify(
  session: Session,
  references: readonly string[],
  options: VerifyOptions,
): Promise<number> {
  const stateRoot = await findStateRoot(session);
  const chosen = choose(await listPayloads(stateRoot), references);
  if (!chosen.ok) return finishWithFailure(session, chosen.error);
  const verified: VerifiedPayload[] = [];
  for (const payload of chosen.value) {
    const one = await verifyOne(session, stateRoot, payload, options);
    if (!one.ok) return finishWithFailure(session, one.error);
    verified.push(one.value);
  }
  if (!session.isForPrograms) printText(session, formatVerifications(verified, session.style));
  else printJson(session, 'payload-verify', { payloads: verified });
  return verified.some(({ verdict }) => isUnsound(verdict)) ? exitCodes.failed : exitCodes.passed;
}

function choose(
  inventory: PayloadInventory,
  references: readonly string[],
): Outcome<readonly ReferredPayload[]> {
  if (references.length === 0) return ok([...inventory.payloads, ...inventory.damaged]);
  const chosen = new Map<string, ReferredPayload>();
  for (const reference of references) {
    const found = findReferred(inventory, reference);
    if (!found.ok) return found;
    for (const payload of found.value) chosen.set(keyOf(payload), payload);
  }
  return ok([...chosen.values()]);
}

async function verifyOne(
  session: Session,
  stateRoot: string,
  payload: ReferredPayload,
  { remove }: VerifyOptions,
): Promise<Outcome<VerifiedPayload>> {
  const verified = isStored(payload)
    ? await verifyPayload(stateRoot, payload)
    : ok(unreadable(payload.contentKey, payload.reason));
  if (!verified.ok) return verified;
  const kept = { ...verified.value, removed: false, users: [] };
  if (remove !== true || !isUnsound(kept.verdict)) return ok(kept);
  const removal = await removePayload({
    stateRoot,
    contentKey: kept.contentKey,
    memory: memoryOf(payload, formatTimestamp(session.io.clock.now())),
  });
  if (!removal.ok) return removal;
  return removal.value.kind === 'in use'
    ? ok({ ...kept, users: removal.value.users })
    : ok({ ...kept, removed: true });
}

function memoryOf(
  payload: ReferredPayload,
  removedAt: string,
): Parameters<typeof removePayload>[0]['memory'] {
  if (!isStored(payload)) return null;
  const { payloadId, contentKey, sizeBytes, builtAt } = payload.record;
  const { lastUsedAt } = payload;
  const reason = 'damaged' as const;
  return {
    schemaVersion: 1,
    payloadId,
    contentKey,
    sizeBytes,
    builtAt,
    lastUsedAt,
    removedAt,
    reason,
  };
}

function unreadable(contentKey: string, reason: string): PayloadVerification {
  const nothing = { payloadId: null, differences: [], differenceCount: 0 };
  return { ...nothing, contentKey, verdict: 'damaged', reason };
}

function isUnsound(verdict: PayloadVerification['verdict']): boolean {
  return verdict === 'damaged' || verdict === 'gone';
}
