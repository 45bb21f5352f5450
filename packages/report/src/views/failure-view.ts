import { formatLocation, type Failure } from '@pikaci/model';
import { neutraliseText } from '../output/neutralise.js';
import { plainStyle, type Style } from '../text/style.js';

/** A failure for people: what, where, why, and what to do next; never a stack trace. Ends without a line end. */
export function formatFailure(failed: Failure, style: Style = plainStyle): string {
  const lines = [
    `${style.red('error:')} ${continued(failed.message, '  ')}`,
    ...failureDetailLines(failed),
  ];
  return lines.join('\n');
}

/** The indented lines below a failure's message. */
export function failureDetailLines(failed: Failure): string[] {
  const details: readonly (readonly [string, string | null])[] = [
    ['where', formatLocation(failed.location)],
    ['why', failed.reason],
    ['next', failed.hint],
  ];
  return details.flatMap(([name, text]) =>
    text === null || text === ''
      ? []
      : [`  ${`${name}:`.padEnd(7)}${continued(text, ' '.repeat(9))}`],
  );
}

/** Text of several lines, its further lines indented. */
function continued(text: string, indent: string): string {
  return neutraliseText(text.trimEnd()).replaceAll('\n', `\n${indent}`);
}
