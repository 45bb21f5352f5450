import { toSnakeCaseKeys, type Failure } from '@pikaci/model';
import { formatFailure, jsonText } from '@pikaci/report';
import type { Session } from '../session.js';

/** Prints text, ended by a line end, to standard output. */
export function printText(session: Pick<Session, 'io'>, text: string): void {
  session.io.stdout.write(`${text}\n`);
}

/** Prints a JSON value: on one line for `jsonl`, else indented by two spaces. */
export function printJson(session: Pick<Session, 'io' | 'options'>, value: unknown): void {
  const indent = session.options.output === 'jsonl' ? undefined : 2;
  session.io.stdout.write(`${jsonText(value, indent)}\n`);
}

/**
 * Prints a failure for people to standard error, and for programs, where they read standard output, as the one value
 * `{"error": …}` on it.
 */
export function printFailure(session: Session, failed: Failure): void {
  session.io.stderr.write(`${formatFailure(failed)}\n`);
  if (session.isForPrograms) {
    printJson(session, { error: toSnakeCaseKeys(failed) });
  }
}
