import type { Outcome } from '@pikaci/model';
import type { ContentHashProfile } from '@pikaci/snapshot';
import { finishWithFailure } from '../../output/finish.js';
import { printJson, printText } from '../../output/print.js';
import type { Session } from '../../session.js';

/** Prints a hash of the earlier record format; returns the exit code. The profile is null for a whole tree. */
export function printContentHash(
  session: Session,
  hash: Outcome<string>,
  profile: ContentHashProfile | null,
): number {
  if (!hash.ok) return finishWithFailure(session, hash.error);
  if (!session.isForPrograms) printText(session, hash.value);
  else {
    printJson(session, 'content-hash', { contentHash: hash.value, hashVersion: 'v1', profile });
  }
  return 0;
}
