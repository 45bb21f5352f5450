import type { ComparedPayload, KeyInputChange, PayloadExplanation } from '@pikaci/model';
import { oneLine } from '../text/one-line.js';
import { plainStyle, truncate, type Style } from '../text/style.js';
import { alignColumns } from '../text/table.js';
import { counted, shortKey, timeText } from './payload-text.js';

/** Changes that are shown: after a merge nearly every input may be another. */
const mostChanges = 20;
/** Columns that a value gets: enough for the beginning of a digest. */
const valueColumns = 40;

/** Whether a run would find each payload, and why; a payload comes after those it depends on. */
export function formatExplanations(
  explanations: readonly PayloadExplanation[],
  style: Style = plainStyle,
): string {
  return explanations.flatMap((one) => explanationLines(one, style)).join('\n');
}

function explanationLines(explanation: PayloadExplanation, style: Style): string[] {
  const { payloadId, contentKey, changes } = explanation;
  const isHit = explanation.expectation === 'hit';
  const word = isHit ? style.green('hit') : style.yellow('miss');
  return [
    `${style.bold(payloadId)}  ${word}  ${shortKey(contentKey)}: ${reasonText(explanation)}`,
    ...changeLines(changes ?? []),
  ];
}

function reasonText({ expectation, comparedWith, changes }: PayloadExplanation): string {
  const removal = comparedWith === null ? null : removalText(comparedWith);
  switch (expectation) {
    case 'hit':
      return `in the store, built ${timeText(comparedWith?.builtAt ?? '')}`;
    case 'new':
      return 'no payload of this id is known here';
    case 'vanished':
      return 'its output lay outside of the store and is gone';
    case 'removed':
      return `nothing changed, but it ${removal ?? 'was removed'}`;
    case 'changed': {
      const what =
        changes === null ? 'its inputs changed' : `${counted(changes.length, 'input')} changed`;
      const other = comparedWith === null ? '' : ` since ${shortKey(comparedWith.contentKey)}`;
      const unknown = changes === null ? '; which ones is not known any more' : '';
      return `${what}${other}${removal === null ? '' : `, which ${removal}`}${unknown}`;
    }
    default: {
      const never: never = expectation;
      return never;
    }
  }
}

function removalText({ removed }: ComparedPayload): string | null {
  return removed === null ? null : `was removed ${timeText(removed.at)}: ${removed.reason}`;
}

function changeLines(changes: readonly KeyInputChange[]): string[] {
  const rows = changes.slice(0, mostChanges).map(({ name, before, after }) => {
    const [was, is] = differingParts(before ?? '(none)', after ?? '(none)');
    return [oneLine(name), `${was} → ${is}`];
  });
  const more = changes.length - rows.length;
  return [
    ...alignColumns(rows, '    '),
    ...(more > 0 ? [`    … and ${more} more (--json has all)`] : []),
  ];
}

/** The beginnings of two values, or, where those are the same, the parts around the first difference. */
function differingParts(before: string, after: string): readonly [string, string] {
  const [was, is] = [Array.from(oneLine(before)), Array.from(oneLine(after))];
  const first = was.findIndex((character, index) => character !== is[index]);
  const at = first === -1 ? was.length : first;
  // Some of what is the same shows where the difference is.
  const start = at < valueColumns - 10 ? 0 : at - 10;
  const part = (text: readonly string[]) =>
    `${start > 0 ? '…' : ''}${truncate(text.slice(start).join(''), valueColumns)}`;
  return [part(was), part(is)];
}
