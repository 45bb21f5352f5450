import { ok, type KeyInput, type Outcome, type PreparedPayload } from '@pikaci/model';
import type { IdentifiedPayload, IdentifyRequest } from '../payload-kind.js';
import { kindOf } from '../payload-kinds.js';
import { contentKey } from './content-key.js';
import { commonKeyInputs } from './payload-key-inputs.js';

/** A payload to be identified, with what all kinds have in common. */
export interface IdentityRequest extends IdentifyRequest {
  readonly dependencies: readonly Pick<PreparedPayload, 'payloadId' | 'contentKey'>[];
  /** Such as `linux-x64`. */
  readonly platform: string;
}

/** A payload of which all is known that its key covers, but for files of the snapshot. */
export interface PayloadIdentity {
  readonly identified: IdentifiedPayload;
  readonly keyInputs: readonly KeyInput[];
}

/** A payload's key, and all that went into it. */
export interface PayloadKey {
  readonly contentKey: string;
  readonly keyInputs: readonly KeyInput[];
}

/** Looks at all that a payload's key covers, but for files of the snapshot. Writes nothing. */
export async function identifyPayload(request: IdentityRequest): Promise<Outcome<PayloadIdentity>> {
  const { payload, dependencies, platform } = request;
  const identified = await kindOf(payload).identify(request);
  if (!identified.ok) return identified;
  const common = commonKeyInputs(payload, dependencies, platform);
  return ok({
    identified: identified.value,
    keyInputs: [...common, ...identified.value.keyInputs],
  });
}

/** The key, with a look at the files of the snapshot. */
export async function keyOfPayload(identity: PayloadIdentity): Promise<Outcome<PayloadKey>> {
  const { snapshotInputs } = identity.identified;
  const files = snapshotInputs === null ? ok([]) : await snapshotInputs.find();
  if (!files.ok) return files;
  const keyInputs = [...identity.keyInputs, ...files.value];
  return ok({ contentKey: contentKey(keyInputs), keyInputs });
}
