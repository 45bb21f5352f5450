import { formatLocation, type Failure, type FailureLocation } from '@pikaci/model';
import { neutraliseText } from '../output/neutralise.js';
import { plainStyle, type Style } from '../text/style.js';
import { formatExcerpt } from './source-excerpt.js';

/** Columns that lines of somebody's file get where no screen says how wide it is. */
const usualColumns = 80;

/**
 * A failure for people: what, where, why, and what to do next; never a stack trace. A place in a configuration is shown with
 * its line, and what else is wrong with the file follows in the same form. Ends without a line end.
 *
 * @param columns how wide the screen is; only lines of files are cut to it
 */
export function formatFailure(
  failed: Failure,
  style: Style = plainStyle,
  columns = usualColumns,
): string {
  const { moreProblems } = failed;
  if (moreProblems === undefined) return problemText(failed, style, columns);
  // The reason tells in words of the problems that are shown here one by one.
  const all = [
    { ...failed, reason: null },
    ...moreProblems.listed.map((one) => ({ ...one, reason: null })),
  ];
  const { unlisted } = moreProblems;
  return [
    ...all.map((one) => problemText(one, style, columns)),
    ...(unlisted === 0
      ? []
      : [`and ${unlisted} more ${unlisted === 1 ? 'problem' : 'problems'} in the same file`]),
  ].join('\n\n');
}

type Problem = Pick<Failure, 'message' | 'location' | 'reason' | 'hint'>;

function problemText(problem: Problem, style: Style, columns: number): string {
  return [
    `${style.red('error:')} ${continued(problem.message, '  ')}`,
    ...detailLines('where', formatLocation(problem.location)),
    ...excerptLines(problem.location, style, columns),
    ...detailLines('why', problem.reason),
    ...detailLines('next', problem.hint),
  ].join('\n');
}

/** The indented lines below a failure's message. */
export function failureDetailLines(failed: Failure): string[] {
  return [
    ...detailLines('where', formatLocation(failed.location)),
    ...detailLines('why', failed.reason),
    ...detailLines('next', failed.hint),
  ];
}

function detailLines(name: string, text: string | null): string[] {
  if (text === null || text === '') return [];
  return [`  ${`${name}:`.padEnd(7)}${continued(text, ' '.repeat(9))}`];
}

function excerptLines(
  location: FailureLocation | null,
  style: Style,
  columns: number,
): readonly string[] {
  if (location === null) return [];
  const { line, column, endColumn, sourceLine } = location;
  if (line === null || column === null) return [];
  if (endColumn === undefined || sourceLine === undefined) return [];
  return formatExcerpt({ sourceLine, line, column, endColumn }, columns, style);
}

/** Text of several lines, its further lines indented. */
function continued(text: string, indent: string): string {
  return neutraliseText(text.trimEnd()).replaceAll('\n', `\n${indent}`);
}
