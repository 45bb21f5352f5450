import { describe, expect, it } from 'vitest';
import { plainSymbols, richSymbols, symbolsFor, type Symbols } from './symbols.js';
import { textWidth } from './width.js';

const all = ({ spinner, ...others }: Symbols) => [...Object.values(others), ...spinner] as string[];

describe('signs', () => {
  it.each([
    ['a terminal', { TERM: 'xterm-256color' }, 'linux', richSymbols],
    ['no terminal', {}, 'darwin', richSymbols],
    ['the console of Linux', { TERM: 'linux' }, 'linux', plainSymbols],
    ['an old console of Windows', {}, 'win32', plainSymbols],
    ['Windows Terminal', { WT_SESSION: '1-2' }, 'win32', richSymbols],
    ['an editor on Windows', { TERM_PROGRAM: 'vscode' }, 'win32', richSymbols],
  ] as const)('for %s', (_, env, platform, symbols) => {
    expect(symbolsFor(env, platform)).toBe(symbols);
  });

  it('take one column each, so that lines are aligned with either kind', () => {
    for (const sign of [...all(richSymbols), ...all(plainSymbols)]) expect(textWidth(sign)).toBe(1);
  });

  it('for few fonts are those that Windows has had in every font', () => {
    expect(all(plainSymbols).join('')).toMatch(/^[\x21-\x7e√×■]+$/u);
  });
});
