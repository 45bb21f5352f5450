import { neutraliseLine } from '@pikaci/report';
import type { Session } from '../session.js';
import { recover, type RecoverOptions, type Recovery } from './recover.js';
import { recoveryLine } from './recovery-text.js';

/** Recovers what dead processes left, and says in one line on standard error what became of it. */
export async function recoverAndTell(
  session: Session,
  stateRoot: string,
  options: RecoverOptions = {},
): Promise<Recovery> {
  const recovery = await recover(session, stateRoot, options);
  const line = recoveryLine(recovery);
  // What a server says is somebody else's text.
  if (line !== null) session.io.stderr.write(`${neutraliseLine(line, false)}\n`);
  return recovery;
}
