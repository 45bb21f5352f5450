import { decideByChanges } from '@pikaci/planner';
import { describe, expect, it } from 'vitest';
import type { Changes } from './changes.js';
import { decisionLine, skipMessage } from './decision-text.js';

/** What is said of a target `web` with these paths. */
function lineFor(paths: readonly string[], changes: Changes): string {
  const decision = decideByChanges(paths, changes.kind === 'known' ? changes.files : null);
  return decisionLine({ kind: 'target', targetId: 'web', decision }, changes);
}

describe('decisionLine', () => {
  it('names the file and the pattern, or what there was to match', () => {
    const known = { kind: 'known', files: ['README.md', 'web/src/cart.ts'] } as const;
    expect(lineFor(['web/**'], known)).toBe('target web: web/src/cart.ts matches web/**');
    expect(lineFor(['api/**', 'x'], known)).toBe(
      'target web: skipped, none of 2 changed files matches its 2 patterns',
    );
    expect(lineFor([], known)).toBe('target web: runs whatever changed, since it has no paths');
    expect(lineFor(['x'], { kind: 'known', files: [] })).toBe(
      'target web: skipped, nothing changed',
    );
  });

  it('says why nothing is known', () => {
    expect(lineFor(['x'], { kind: 'unknown', why: 'git ignores the workspace' })).toBe(
      'target web: runs, since it is not known what changed: git ignores the workspace',
    );
  });
});

describe('skipMessage', () => {
  it('counts files and patterns', () => {
    expect(skipMessage(['a'], ['b', 'c'])).toBe(
      'nothing selected: none of 1 changed file matches 2 patterns',
    );
    expect(skipMessage([], ['b'])).toBe('nothing selected: no changed file to match 1 pattern');
  });
});
