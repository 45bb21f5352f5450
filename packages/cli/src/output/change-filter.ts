import { neutraliseLine } from '@pikaci/report';
import type { ChangeFilter } from '../changes/select-by-options.js';
import type { Session } from '../session.js';

/**
 * Says what is run and what is left out, and why; not with `--output quiet`. Where standard output is a program's, it goes to standard error: file
 * names are somebody else's text, and made harmless.
 */
export function printChangeFilter(session: Session, { lines }: ChangeFilter): void {
  const { io, options, isForPrograms } = session;
  if (options.output === 'quiet') return;
  const stream = isForPrograms ? io.stderr : io.stdout;
  for (const line of lines) stream.write(`${neutraliseLine(line, false)}\n`);
}
