import {
  fail,
  type DamagedPayload,
  type Outcome,
  type OutputValue,
  type payloadShowOutputSchema,
} from '@pikaci/model';
import { listPayloads, readKeyInputs } from '@pikaci/payloads';
import { formatPayload, type ShownPayload } from '@pikaci/report';
import { addJsonOption } from '../../options/global-options.js';
import { finishWithFailure } from '../../output/finish.js';
import { printJson, printText } from '../../output/print.js';
import type { Session } from '../../session.js';
import { findStateRoot } from '../../workspace.js';
import type { RegisterCommand } from '../register-command.js';
import { findReferred, isStored, keyOf, payloadArgument } from './payload-reference.js';

/** `payload show`: everything of one payload. */
export const registerPayloadShow: RegisterCommand = (group, runAction) => {
  const command = group
    .command('show')
    .argument(...payloadArgument)
    .description('show all that is known of a payload; of an id, the one that was used last')
    .addHelpText('after', '\nExample:\n  npx pikaci payload show node-modules');
  addJsonOption(command).action((reference: string, _, self: typeof command) =>
    runAction(self, (session) => show(session, reference)),
  );
};

async function show(session: Session, reference: string): Promise<number> {
  const found = await findShown(await findStateRoot(session), reference);
  if (!found.ok) return finishWithFailure(session, found.error);
  if (!session.isForPrograms) printText(session, formatPayload(found.value, session.style));
  else printJson(session, 'payload-show', showRecord(found.value));
  return 0;
}

async function findShown(stateRoot: string, reference: string): Promise<Outcome<ShownPayload>> {
  const found = findReferred(await listPayloads(stateRoot), reference);
  if (!found.ok) return found;
  const [payload, ...others] = found.value;
  if (payload === undefined || !isStored(payload)) return damagedFailure(payload);
  const keyInputs = await readKeyInputs(stateRoot, payload.record.contentKey);
  const shown = { payload, keyInputs: keyInputs.ok ? keyInputs.value : null };
  return { ok: true, value: { ...shown, otherKeys: others.map(keyOf) } };
}

function damagedFailure(payload: DamagedPayload | undefined): Outcome<never> {
  return fail('infrastructure', `The payload ${payload?.contentKey ?? ''} is damaged`, {
    ...(payload === undefined ? {} : { location: { file: payload.dir }, reason: payload.reason }),
    hint: 'npx pikaci payload verify --remove removes it; it is built again when it is needed.',
  });
}

/** The payload's record, and beside it what the record does not hold. */
function showRecord({
  payload,
  keyInputs,
  otherKeys,
}: ShownPayload): OutputValue<typeof payloadShowOutputSchema> {
  const { record, storePath, lastUsedAt, users } = payload;
  return { ...record, storePath, lastUsedAt, inUseBy: users, keyInputs, otherKeys };
}
