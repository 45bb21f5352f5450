import {
  encodeOutput,
  type Failure,
  type OutputName,
  type outputs,
  type OutputValue,
} from '@pikaci/model';
import { formatFailure, jsonText } from '@pikaci/report';
import type { Session } from '../session.js';

/** Prints text, ended by a line end, to standard output. */
export function printText(session: Pick<Session, 'io'>, text: string): void {
  session.io.stdout.write(`${text}\n`);
}

/**
 * Prints what programs read, in the form that the schema of this name promises: on one line for `jsonl`, else indented by
 * two spaces. There is no other way to print JSON, so that nothing is printed that has no schema.
 */
export function printJson<Name extends OutputName>(
  session: Pick<Session, 'io' | 'options'>,
  name: Name,
  value: OutputValue<(typeof outputs)[Name]['schema']>,
): void {
  printJsonText(session, encodeOutput(name, value));
}

/** The same of a value that is JSON already: a schema itself. */
export function printJsonText(session: Pick<Session, 'io' | 'options'>, value: unknown): void {
  const indent = session.options.output === 'jsonl' ? undefined : 2;
  session.io.stdout.write(`${jsonText(value, indent)}\n`);
}

/**
 * Prints a failure for people to standard error, and for programs, where they read standard output, as the one value
 * `{"error": …}` on it.
 */
export function printFailure(session: Session, failed: Failure): void {
  const text = formatFailure(failed, session.errorStyle, session.io.columns());
  session.io.stderr.write(`${text}\n`);
  if (session.isForPrograms) {
    printJson(session, 'error', { error: failed });
  }
}
