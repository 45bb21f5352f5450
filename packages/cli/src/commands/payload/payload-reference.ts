import { closestMatch } from '@pikaci/config';
import {
  fail,
  ok,
  type DamagedPayload,
  type Failure,
  type Outcome,
  type PayloadInventory,
  type StoredPayload,
} from '@pikaci/model';

/** A payload of the store that a word on the command line names. */
export type ReferredPayload = StoredPayload | DamagedPayload;

/** The argument of commands that look at one payload of the store. */
export const payloadArgument = ['<payload>', 'a payload id, or the beginning of a key'] as const;

/** True for a payload of which all that has to be known can be read. */
export function isStored(payload: ReferredPayload): payload is StoredPayload {
  return 'record' in payload;
}

export function keyOf(payload: ReferredPayload): string {
  return isStored(payload) ? payload.record.contentKey : payload.contentKey;
}

/** All payloads with an id, the most recently used first, or the one whose key begins with a word. */
export function findReferred(
  inventory: PayloadInventory,
  reference: string,
): Outcome<readonly ReferredPayload[]> {
  const named = inventory.payloads.filter(({ record }) => record.payloadId === reference);
  if (named.length > 0) return ok(named);
  const all = [...inventory.payloads, ...inventory.damaged];
  const found = all.filter((payload) => reference !== '' && keyOf(payload).startsWith(reference));
  if (found.length === 1) return ok(found);
  return {
    ok: false,
    error: found.length === 0 ? unknown(inventory, reference) : ambiguous(reference, found),
  };
}

function ambiguous(reference: string, found: readonly ReferredPayload[]): Failure {
  const names = found.map((payload) => {
    const name = isStored(payload) ? payload.record.payloadId : 'damaged';
    return `${keyOf(payload).slice(0, 16)} (${name})`;
  });
  return fail('selection', `More than one payload has a key that begins with "${reference}"`, {
    reason: names.join(', '),
    hint: 'Write more of the key.',
  }).error;
}

function unknown({ payloads }: PayloadInventory, reference: string): Failure {
  const ids = [...new Set(payloads.map(({ record }) => record.payloadId))];
  return fail('selection', `There is no payload "${reference}" in the store`, {
    hint: suggestionFor(reference, ids) ?? 'The store is empty.',
  }).error;
}

/** What may have been meant by a word; null when there is nothing to choose from. */
export function suggestionFor(word: string, known: readonly string[]): string | null {
  const meant = closestMatch(word, known);
  if (meant !== null) return `Did you mean "${meant}"?`;
  return known.length === 0 ? null : `It has ${known.join(', ')}.`;
}
