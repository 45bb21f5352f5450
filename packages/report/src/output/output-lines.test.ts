import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOutputLines } from './output-lines.js';

function linesOf(chunks: readonly Uint8Array[], color = true): string[] {
  const lines: string[] = [];
  const output = createOutputLines({ color, onLine: (line) => lines.push(line) });
  for (const chunk of chunks) output.push(chunk);
  output.end();
  return lines;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const single = (text: string) => linesOf([bytes(text)]);

describe('lines of raw output', () => {
  it('splits at line feeds and hands out an unfinished last line at the end', () => {
    expect(single('one\ntwo\r\n\nthree')).toEqual(['one', 'two', '', 'three']);
  });

  it('starts a new line at a lone carriage return, so that nothing is overwritten', () => {
    expect(single('secret failure\rall good\n')).toEqual(['secret failure', 'all good']);
  });

  it('puts characters together that came in two chunks', () => {
    const whole = bytes('grüß 🚀\n');
    const split = [...whole].map((byte) => Uint8Array.of(byte));
    expect(linesOf(split)).toEqual(['grüß 🚀']);
  });

  it('shows bytes that are no text as replacement characters', () => {
    expect(linesOf([Uint8Array.of(0x61, 0xff, 0x62, 0x0a)])).toEqual(['a\ufffdb']);
  });

  it('gives the same lines however the bytes are cut', () => {
    const piece = fc.constantFrom(
      'a',
      'ü',
      '🚀',
      '\n',
      '\r',
      '\r\n',
      '\x1b',
      '[31m',
      ']0;t\x07',
      '::',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(60), fc.nat(60), (pieces, x, y) => {
        const whole = bytes(pieces.join(''));
        const [from, to] = x < y ? [x, y] : [y, x];
        const cut = [whole.slice(0, from), whole.slice(from, to), whole.slice(to)];
        expect(linesOf(cut)).toEqual(linesOf([whole]));
      }),
    );
  });

  it('shows a line without end in pieces instead of holding all of it', () => {
    const lines: string[] = [];
    const output = createOutputLines({ color: true, onLine: (line) => lines.push(line) });
    for (let i = 0; i < 100; i++) output.push(bytes('x'.repeat(1000)));
    expect(lines.join('').length).toBeGreaterThan(90_000);
    output.end();
    expect(lines.join('')).toBe('x'.repeat(100_000));
  });
});

describe('a very long line', () => {
  it('is cut with a mark where that is wanted, in little memory, and the next line is whole', () => {
    const lines: string[] = [];
    const output = createOutputLines({
      color: false,
      longLines: 'cut',
      onLine: (line) => lines.push(line),
    });
    const chunk = bytes('x'.repeat(100_000));
    for (let i = 0; i < 100; i++) output.push(chunk);
    output.push(bytes('\nnext\n'));
    output.end();
    expect(lines).toEqual([
      `${'x'.repeat(8192)} … the rest of this line is not shown here`,
      'next',
    ]);
  });

  it('is shown in the same way when it comes in one chunk', () => {
    const shown = (longLines: 'pieces' | 'cut') => {
      const lines: string[] = [];
      const output = createOutputLines({
        color: false,
        longLines,
        onLine: (line) => lines.push(line),
      });
      output.push(bytes(`${'x'.repeat(20_000)}\r\nnext`));
      output.end();
      return lines.map((line) => line.length);
    };
    expect(shown('pieces')).toEqual([8192, 8192, 3616, 4]);
    expect(shown('cut')).toEqual([8192 + ' … the rest of this line is not shown here'.length, 4]);
  });
});

describe('neutralised output', () => {
  it('keeps colours and ends them at the end of the line', () => {
    expect(single('\x1b[31mred\x1b[0m\n')).toEqual(['\x1b[31mred\x1b[0m\x1b[0m']);
    expect(linesOf([bytes('\x1b[1;31mred\x1b[m\n')], false)).toEqual(['red']);
  });

  it.each([
    ['a title', 'a\x1b]0;owned\x07b', 'ab'],
    ['a title that ends with ST', 'a\x1b]0;owned\x1b\\b', 'ab'],
    ['a hyperlink', '\x1b]8;;http://x\x07link\x1b]8;;\x07', 'link'],
    ['cursor movement', 'a\x1b[2Ab\x1b[2Jc\x1b[?1049hd', 'abcd'],
    ['a private sequence that ends like a colour', 'a\x1b[>4;2mb', 'ab'],
    ['a reset of the terminal', 'a\x1bcb', 'ab'],
    ['a single-byte control sequence', 'a\u009b2Jb', 'ab'],
    ['a string that never ends, up to the end of the line', 'a\x1bPq#1', 'a'],
    ['backspaces and bells, as pictures', 'no\b\b\x07ok', 'no␈␈␇ok'],
    ['a change of the reading direction', 'a\u202eb', 'a\ufffdb'],
    ['isolates and marks of it', 'a\u2066b\u2069\u200f\u061c', 'a\ufffdb\ufffd\ufffd\ufffd'],
    ['a private message', 'a\x1b^x\x1b\\b', 'ab'],
    ['an application command', 'a\x1b_x\x1b\\b', 'ab'],
    ['single-byte strings', 'a\u0090x\u009cb\u009dy\u009cc', 'abc'],
  ])('neutralises %s', (_, raw, shown) => {
    expect(single(`${raw}\n`)).toEqual([shown]);
  });

  it.each([
    ['::set-env name=A::b', '\\::set-env name=A::b'],
    ['  ::error::x', '  \\::error::x'],
    ['text ##[group]x', 'text ##\\[group]x'],
    ['##vso[task.setvariable]x', '##\\vso[task.setvariable]x'],
    ['std::vector', 'std::vector'],
    ['::stop-commands::x', '\\::stop-commands::x'],
    ['\t\x1b[31m ::error::x', '\t\x1b[31m \\::error::x\x1b[0m'],
    ['###[x]', '###\\[x]'],
  ])('defuses what a CI service would obey: %s', (raw, shown) => {
    expect(single(`${raw}\n`)).toEqual([shown]);
  });

  it('defuses a command that stands behind a carriage return', () => {
    expect(single('harmless\r::error::x\r##[error]y\n')).toEqual([
      'harmless',
      '\\::error::x',
      '##\\[error]y',
    ]);
  });

  it('defuses a command that hides behind a sequence which is taken away', () => {
    expect(single('\x1b[2K::error::x\n:\x1b[2K:debug::y\n')).toEqual([
      '\\::error::x',
      '\\::debug::y',
    ]);
  });

  it('never lets an escape through that is not part of a colour', () => {
    const piece = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      'm',
      '31',
      ';',
      'H',
      '\x07',
      '\\',
      '\u009b',
      '\u009d',
      'P',
      'x',
      '?',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const shown = single(pieces.join('')).join('');
        const rest = shown.replaceAll(
          new RegExp(`${String.fromCharCode(27)}\\[[\\d;:]*m`, 'gu'),
          '',
        );
        expect(rest).not.toMatch(new RegExp('\\p{Cc}', 'u'));
      }),
    );
  });
});
