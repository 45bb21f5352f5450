import type { CliIo } from '../io.js';

/** A thrown error is a bug: says so, with its code where it has one, and with its stack on demand. */
export function printInternalError(
  io: Pick<CliIo, 'stderr'>,
  thrown: unknown,
  withStack: boolean,
): void {
  const lines = [
    `internal error: ${messageOf(thrown)}${codeOf(thrown)}`,
    withStack
      ? stackOf(thrown)
      : '  next:  this is a bug in pikaci. Please report it with the output of the same command and --debug.',
  ];
  io.stderr.write(`${lines.join('\n')}\n`);
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? ` (${String(thrown.code)})` : '';
}

/** The stack, and those of the causes. */
function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const own = thrown.stack ?? thrown.message;
  return thrown.cause === undefined ? own : `${own}\ncaused by: ${stackOf(thrown.cause)}`;
}
