import { pikaciConfigSchema } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { selectByChanges } from './select-by-changes.js';

const config = pikaciConfigSchema.parse({
  schemaVersion: 1,
  defaultTarget: 'web',
  jobs: {
    lint: { run: 'lint' },
    unit: { run: 'unit' },
    e2e: { run: 'e2e', needs: ['unit'] },
    constructor: { run: 'build' },
  },
  targets: {
    web: { jobs: ['e2e'], paths: ['web/**', 'package.json'], description: 'the shop' },
    api: { jobs: ['unit', 'lint'], paths: ['api/**', 'package.json'] },
    always: { jobs: ['lint'] },
  },
});

const jobsFor = (names: readonly string[], changed: readonly string[] | null) => {
  const selected = selectByChanges(config, names, changed);
  return selected.ok ? selected.value.selection.jobIds : selected.error.kind;
};

describe('selectByChanges', () => {
  it('decides on the default target when nothing is named', () => {
    expect(selectByChanges(config, [], ['web/src/cart.ts'])).toEqual({
      ok: true,
      value: {
        selection: {
          targetId: 'web',
          targetDescription: 'the shop',
          jobIds: ['unit', 'e2e'],
          reused: [],
        },
        decisions: [
          {
            kind: 'target',
            targetId: 'web',
            decision: {
              selected: true,
              reason: { kind: 'matched', file: 'web/src/cart.ts', pattern: 'web/**' },
            },
          },
        ],
        patterns: ['web/**', 'package.json'],
      },
    });
  });

  it('decides on each target on its own, and still runs what a job needs', () => {
    expect(jobsFor(['web', 'api'], ['web/a'])).toEqual(['unit', 'e2e']);
    expect(jobsFor(['web', 'api'], ['api/a'])).toEqual(['unit', 'lint']);
    expect(jobsFor(['web', 'api'], ['package.json'])).toEqual(['unit', 'e2e', 'lint']);
    expect(jobsFor(['web', 'always'], ['README.md'])).toEqual(['lint']);
  });

  it('runs jobs that are named, whatever changed and whatever they are called', () => {
    expect(jobsFor(['web', 'constructor'], [])).toEqual(['constructor']);
  });

  it('keeps the target, without jobs, when nothing is left', () => {
    const selected = selectByChanges(config, ['web', 'web'], ['README.md']);
    expect(selected).toMatchObject({
      ok: true,
      value: { selection: { targetId: null, jobIds: [] }, decisions: [{ targetId: 'web' }] },
    });
    expect(selectByChanges(config, [], [])).toMatchObject({
      value: { selection: { targetId: 'web', jobIds: [] } },
    });
  });

  it('selects everything when nobody knows what changed', () => {
    expect(jobsFor(['web', 'api'], null)).toEqual(['unit', 'e2e', 'lint']);
  });

  it('names the patterns of all named targets once', () => {
    expect(selectByChanges(config, ['web', 'api', 'lint'], [])).toMatchObject({
      value: { patterns: ['web/**', 'package.json', 'api/**'] },
    });
  });

  it('refuses an unknown name also when it would be left out', () => {
    expect(jobsFor(['web', 'nope'], [])).toBe('selection');
  });
});
