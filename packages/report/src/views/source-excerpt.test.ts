import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatExcerpt } from './source-excerpt.js';

/** What lines are made of here, how it is shown, and the columns that a terminal gives it; a tab goes to the next stop. */
const letters = [
  { text: 'a', shown: 'a', width: 1 },
  { text: ' ', shown: ' ', width: 1 },
  { text: '\t', shown: '', width: 0 },
  { text: '日', shown: '日', width: 2 },
  { text: 'ｆ', shown: 'ｆ', width: 2 },
  { text: '한', shown: '한', width: 2 },
  { text: 'e\u0301', shown: 'e\u0301', width: 1 },
  { text: '👍', shown: '👍', width: 2 },
  { text: '👩‍👩‍👧', shown: '👩‍👩‍👧', width: 2 },
  { text: '\u200b', shown: '\u200b', width: 0 },
  { text: '\u001b', shown: '␛', width: 1 },
  { text: '\u009b', shown: '\ufffd', width: 1 },
  { text: '\u202e', shown: '\ufffd', width: 1 },
] as const;
type Letter = (typeof letters)[number];

/** The columns of letters from the beginning of a line. */
function columnsOf(line: readonly Letter[]): number {
  return line.reduce(
    (column, { text, width }) => (text === '\t' ? column + 4 - (column % 4) : column + width),
    0,
  );
}

/** The columns of what is shown. */
function shownColumns(shown: string): number {
  const known = [...letters.filter((letter) => letter.shown !== '')].sort(
    (a, b) => b.shown.length - a.shown.length,
  );
  let columns = 0;
  for (let rest = shown; rest !== '';) {
    const letter = known.find((one) => rest.startsWith(one.shown));
    columns += letter?.width ?? 1;
    rest = rest.slice(letter?.shown.length ?? 1);
  }
  return columns;
}

const line = fc.array(fc.constantFrom(...letters), { maxLength: 60 });
const textOf = (part: readonly Letter[]) => part.map(({ text }) => text).join('');
const gutter = '      1 | '.length;

describe('an excerpt', () => {
  it('has its mark under the place, whatever stands before it, and as wide as what is meant', () => {
    fc.assert(
      fc.property(line, line, line, (before, meant, behind) => {
        const column = textOf(before).length + 1;
        const sourceLine = `${textOf(before)}@${textOf(meant)}${textOf(behind)}`;
        const endColumn = column + 1 + textOf(meant).length;
        const place = { sourceLine, line: 1, column, endColumn };
        const [, mark = ''] = formatExcerpt(place, 10_000);
        expect(mark.indexOf('^') - gutter).toBe(columnsOf(before));
        const at = { text: '@', shown: '@', width: 1 } as unknown as Letter;
        const width = columnsOf([...before, at, ...meant]) - columnsOf(before);
        expect(mark.slice(mark.indexOf('^'))).toBe(`^${'~'.repeat(width - 1)}`);
      }),
    );
  });

  it('is no wider than the screen, and has the beginning of the place in it with the mark below', () => {
    fc.assert(
      fc.property(line, line, fc.integer({ min: 32, max: 60 }), (before, behind, columns) => {
        const column = textOf(before).length + 1;
        const sourceLine = `${textOf(before)}@${textOf(behind)}`;
        const place = { sourceLine, line: 1, column, endColumn: column + 1 };
        const [shown = '', mark = ''] = formatExcerpt(place, columns);
        const text = shown.slice(gutter);
        expect(gutter + shownColumns(text)).toBeLessThan(columns);
        expect(mark.length).toBeLessThan(columns);
        expect(text).toContain('@');
        expect(mark.indexOf('^') - gutter).toBe(shownColumns(text.slice(0, text.indexOf('@'))));
      }),
    );
  });

  it('marks one column behind the end of a line, and the whole of a character that is pointed into', () => {
    const excerpt = (sourceLine: string, column: number, endColumn: number) =>
      formatExcerpt({ sourceLine, line: 1, column, endColumn }, 80)[1]?.slice(gutter);
    expect(excerpt('ab', 3, 4)).toBe('  ^');
    expect(excerpt('a👍b', 3, 4)).toBe(' ^~');
    expect(excerpt('', 1, 1)).toBe('^');
  });

  it('says where a long line was cut, and shows as much of it as there is room for', () => {
    const excerpt = (column: number, endColumn: number) => {
      const sourceLine = '0123456789'.repeat(10);
      const shown = formatExcerpt({ sourceLine, line: 123, column, endColumn }, 40);
      return shown.map((text) => text.slice(gutter));
    };
    expect(excerpt(1, 3)).toEqual(['0123456789012345678901234567…', '^~']);
    expect(excerpt(50, 52)).toEqual(['…789012345678901234567890123…', `${' '.repeat(13)}^~`]);
    expect(excerpt(100, 101)).toEqual(['…2345678901234567890123456789', `${' '.repeat(28)}^`]);
    const [text = '', mark = ''] = excerpt(30, 95);
    expect(text.length).toBe(mark.length + 1);
  });
});
