import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideByChanges } from './decide-by-changes.js';

/** The pattern that had the last word on a file; null where the file does not matter. */
function patternFor(paths: readonly string[], file: string): string | null {
  const { reason } = decideByChanges(paths, [file]);
  return reason.kind === 'matched' ? reason.pattern : null;
}

describe('decideByChanges', () => {
  it('selects what has no filter, whatever changed', () => {
    const noFilter = { selected: true, reason: { kind: 'no-filter' } };
    expect(decideByChanges([], null)).toEqual(noFilter);
    expect(decideByChanges([], [])).toEqual(noFilter);
    expect(decideByChanges([], ['a'])).toEqual(noFilter);
  });

  it('selects when nobody knows what changed, and skips when nothing did', () => {
    expect(decideByChanges(['web/**'], null)).toEqual({
      selected: true,
      reason: { kind: 'no-information' },
    });
    expect(decideByChanges(['web/**'], [])).toEqual({
      selected: false,
      reason: { kind: 'nothing-changed' },
    });
  });

  it('names the first file that matters and the pattern that it matches', () => {
    expect(decideByChanges(['api/**', 'web/**'], ['README.md', 'web/cart.ts', 'api/x'])).toEqual({
      selected: true,
      reason: { kind: 'matched', file: 'web/cart.ts', pattern: 'web/**' },
    });
  });

  it('counts what it looked at when nothing matters', () => {
    expect(decideByChanges(['api/**', '!**/*.md'], ['README.md', 'web/a', 'b'])).toEqual({
      selected: false,
      reason: { kind: 'nothing-matched', fileCount: 3, patternCount: 2 },
    });
  });

  it.each([
    ['web/**', 'web/src/cart.ts', true],
    ['web/**', 'web-old/cart.ts', false],
    ['web/**', 'web', true],
    ['web/', 'web/src/cart.ts', true],
    ['web', 'web/src/cart.ts', false],
    ['web/*', 'web/src/cart.ts', false],
    ['*.ts', 'web/cart.ts', false],
    ['**/*.ts', 'cart.ts', true],
    ['**', '.github/workflows/ci.yaml', true],
    ['web/**', 'web/.env', true],
    ['*.{ts,js}', 'a.js', true],
    ['!(docs)/**', 'web/a', true],
    ['!(docs)/**', 'docs/a', false],
    ['app/[id]/page.ts', 'app/[id]/page.ts', true],
    ['app/[id]/page.ts', 'app/i/page.ts', true],
    ['./web/**', 'web/a', true],
    ['\\!odd', '!odd', true],
    ['**/ä*', 'web/ärger', true],
    ['web/**', 'web/two\nlines', true],
    ['web/**', 'web/back\\slash', true],
  ])('%j and %j: %j', (pattern, file, matches) => {
    expect(decideByChanges([pattern], [file]).selected).toBe(matches);
  });

  describe('with several patterns', () => {
    it('gives the last one that matches a file the word', () => {
      const paths = ['docs/**', '!**/*.md', 'docs/api.md'];
      expect(patternFor(paths, 'docs/style.css')).toBe('docs/**');
      expect(patternFor(paths, 'docs/guide.md')).toBeNull();
      expect(patternFor(paths, 'docs/api.md')).toBe('docs/api.md');
      expect(patternFor(['docs/api.md', '!**/*.md'], 'docs/api.md')).toBeNull();
    });

    it('begins with all files when the first one takes files out', () => {
      expect(patternFor(['!**/*.md'], 'web/cart.ts')).toBe('**');
      expect(patternFor(['!**/*.md'], 'README.md')).toBeNull();
      expect(patternFor(['!**/*.md', 'docs/**'], 'docs/a.md')).toBe('docs/**');
    });
  });
});

/** A small world in which matches are frequent, with what each pattern matches told without globs. */
const files = ['a', 'b', 'd/a', 'd/b', 'd/.c'] as const;
const globs: Readonly<Record<string, (file: string) => boolean>> = {
  '**': () => true,
  a: (file) => file === 'a',
  'd/**': (file) => file.startsWith('d/'),
  'd/a': (file) => file === 'd/a',
  '**/b': (file) => file === 'b' || file === 'd/b',
};
const anyFiles = fc.uniqueArray(fc.constantFrom(...files));
const anyPattern = fc
  .tuple(fc.boolean(), fc.constantFrom(...Object.keys(globs)))
  .map(([excluded, glob]) => `${excluded ? '!' : ''}${glob}`);
const anyPatterns = fc.array(anyPattern, { minLength: 1, maxLength: 6 });

/** Applies the patterns one after the other, as people read them. */
function matters(paths: readonly string[], file: string): boolean {
  let state = paths[0]?.startsWith('!') ?? false;
  for (const path of paths) {
    if (globs[path.replace(/^!/u, '')]?.(file) === true) state = !path.startsWith('!');
  }
  return state;
}

describe('decideByChanges, for any patterns and changes', () => {
  it('selects exactly when the patterns, applied in their order, leave a file', () => {
    fc.assert(
      fc.property(anyPatterns, anyFiles, (paths, changed) => {
        const { selected, reason } = decideByChanges(paths, changed);
        expect(selected).toBe(changed.some((file) => matters(paths, file)));
        if (reason.kind !== 'matched') return;
        expect(reason.file).toBe(changed.find((file) => matters(paths, file)));
        expect([...paths, '**']).toContain(reason.pattern);
        expect(globs[reason.pattern]?.(reason.file)).toBe(true);
      }),
    );
  });

  it('does not select less when more has changed, in whatever order', () => {
    fc.assert(
      fc.property(anyPatterns, anyFiles, anyFiles, (paths, some, more) => {
        const less = decideByChanges(paths, some).selected;
        const both = decideByChanges(paths, [...more, ...some]).selected;
        expect(both || !less).toBe(true);
        expect(decideByChanges(paths, [...some, ...more]).selected).toBe(both);
      }),
    );
  });

  it('lets a last pattern for everything overrule all others', () => {
    fc.assert(
      fc.property(anyPatterns, fc.constantFrom(...files), (paths, file) => {
        expect(decideByChanges([...paths, '**'], [file]).selected).toBe(true);
        expect(decideByChanges([...paths, '!**'], [file]).selected).toBe(false);
      }),
    );
  });

  it('matches every path by a pattern of the same letters', () => {
    const segment = fc.string({ minLength: 1 }).filter((text) => !/[/!(]/u.test(text));
    const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, (file) => {
        expect(decideByChanges([file], [file]).selected).toBe(true);
        expect(decideByChanges(['**', `!${file}`], [file]).selected).toBe(false);
      }),
    );
  });
});
