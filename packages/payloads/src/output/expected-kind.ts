import { fail, ok, quoteText, type Outcome, type PayloadManifest } from '@pikaci/model';

/**
 * Checks that a manifest has the kind that the configuration expects, if it expects one. It is no part of the content
 * key, so a payload that is found in the store is checked as well.
 */
export function checkExpectedKind(
  payloadId: string,
  expected: string | undefined,
  { kind }: PayloadManifest,
): Outcome<void> {
  if (expected === undefined || kind === expected) return ok(undefined);
  const message = `Payload "${payloadId}" is of another kind than expected`;
  return fail('payload', message, {
    reason: `its manifest has the kind ${quoteText(kind)}, and expectKind is ${quoteText(expected)}`,
    hint: 'Correct expectKind, or the build that writes the manifest.',
  });
}
