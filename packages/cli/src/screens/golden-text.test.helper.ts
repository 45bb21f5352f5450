import type { ScreenLine } from './terminal-screen.test.helper.js';

/** What differs from run to run, and what stands for it: of the same width, but for times, which take what they take. */
export interface Normaliser {
  (text: string): string;
}

/** @param places directories of the test, and the text of the same length that stands for each */
export function createNormaliser(places: readonly string[]): Normaliser {
  const runIds: string[] = [];
  const runId = (found: string) => {
    if (!runIds.includes(found)) runIds.push(found);
    return `20260307T000000Z-${String(runIds.indexOf(found) + 1).padStart(8, '0')}`;
  };
  return (text) =>
    places
      .reduce((all, place) => all.replaceAll(place, stand(place)), text)
      .replace(/\b\d{8}T\d{6}Z-[0-9a-f]{8}\b/gu, runId)
      .replace(
        /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/gu,
        (_, fraction: string) =>
          fraction === '' ? '2026-03-07T00:00:00Z' : '2026-03-07T00:00:00.000Z',
      )
      .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\b/gu, '2026-03-07 00:00:00 UTC')
      .replace(
        /\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)([0-9a-f]{12}|[0-9a-f]{40}|[0-9a-f]{64})\b/gu,
        (hash) => 'abcd1234'.repeat(8).slice(0, hash.length),
      )
      .replace(/(?<=snapshot )[0-9a-f]{12}\b/gu, 'abcd1234abcd')
      // In the block of what runs, on the right of a column of a fixed width.
      .replace(
        /^([▸…>.] .*? {2,})(\d+s)(?= |$)/gmu,
        (_, before: string, time: string) =>
          `${before.slice(0, before.length + time.length - 2)}0s`,
      )
      // In a column that is as wide as the longest of them.
      .replace(/\b(?:\d+ms|\d+\.\d+s)( {2,})?/gu, (_, spaces?: string) =>
        spaces === undefined ? '1.0s' : '1.0s  ',
      )
      .replace(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/gu, '⠋')
      .replace(/^[-\\|/](?= \d+ of)/gmu, '-');
}

/** The same path with its random end made zeros. */
function stand(place: string): string {
  return place.replace(/[^-]{6}$/u, '000000');
}

/**
 * A screen as a text to keep: its lines as they fill rows of a terminal of that width (`↩` where one goes on in the next
 * row), and below them what has which colour.
 */
export function goldenText(
  lines: readonly ScreenLine[],
  columns: number,
  normalise: Normaliser,
): string {
  const ruler = `── ${columns} columns `.padEnd(columns, '─');
  const rows = lines.flatMap(({ text }) => rowsOf(normalise(text), columns));
  const painted = lines.flatMap((line, index) =>
    line.painted.map(({ text, paint }) => `${index + 1}: ${paint}: ${normalise(text).trimEnd()}`),
  );
  const colours = painted.length === 0 ? [] : ['── colours, by line ──', ...painted];
  return `${[ruler, ...rows, '─'.repeat(columns), ...colours].join('\n')}\n`;
}

function rowsOf(text: string, columns: number): string[] {
  const rows: string[] = [];
  let row = '';
  let width = 0;
  for (const character of text) {
    const own = widthOf(character);
    if (width + own > columns) {
      rows.push(`${row}↩`);
      row = '';
      width = 0;
    }
    row += character;
    width += own;
  }
  return [...rows, row];
}

/** Columns that a character of the test's screens takes. */
function widthOf(character: string): number {
  if (/\p{Mark}|\u200d/u.test(character)) return 0;
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}/u.test(
    character,
  )
    ? 2
    : 1;
}
