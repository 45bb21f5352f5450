import { pikaciConfigSchema, type Selection } from '@pikaci/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrowSelection, type Narrowing } from './narrow-selection.js';
import { selectFrom, withoutPassed } from './reuse-results.js';

const config = pikaciConfigSchema.parse({
  schemaVersion: 1,
  jobs: {
    build: { run: 'b' },
    lint: { run: 'l', tags: ['quick'] },
    'unit-api': { run: 'u', needs: ['build'], tags: ['quick', 'unit'] },
    'unit-web': { run: 'u', needs: ['build'], tags: ['unit'] },
    e2e: { run: 'e', needs: ['unit-web'] },
    publish: { run: 'p', needs: ['e2e', 'lint'] },
  },
});
const all = Object.keys(config.jobs);
const selection: Selection = {
  targetId: 'all',
  targetDescription: null,
  jobIds: all,
  reused: [],
};
const narrow = (narrowing: Partial<Narrowing>) =>
  narrowSelection(config, selection, { only: [], except: [], tags: [], matrix: {}, ...narrowing });
const jobsOf = (narrowing: Partial<Narrowing>) => {
  const narrowed = narrow(narrowing);
  return narrowed.ok ? narrowed.value.jobIds : narrowed.error;
};

describe('narrowSelection', () => {
  it.each<[Partial<Narrowing>, readonly string[]]>([
    [{}, all],
    [{ only: ['unit-*'] }, ['build', 'unit-api', 'unit-web']],
    [{ only: ['lint', 'e2e'] }, ['lint', 'build', 'unit-web', 'e2e']],
    [{ tags: ['quick'] }, ['lint', 'build', 'unit-api']],
    [{ tags: ['quick'], only: ['unit-*'] }, ['build', 'unit-api']],
    [{ except: ['lint'] }, ['build', 'unit-api', 'unit-web', 'e2e']],
    [{ except: ['build'] }, ['lint']],
    [{ only: ['unit-*'], except: ['unit-web'] }, ['build', 'unit-api']],
  ])('leaves of everything with %j', (narrowing, left) => {
    expect(jobsOf(narrowing)).toEqual(left);
  });

  it('refuses a pattern that matches nothing, as everything or nothing would be left out in silence', () => {
    for (const narrowing of [{ only: ['unti-*'] }, { except: ['unti-*'] }]) {
      expect(narrow(narrowing)).toMatchObject({ ok: false, error: { kind: 'selection' } });
    }
  });

  it('refuses a tag that no job has, and says which there are', () => {
    for (const tags of [['slow'], ['quick', 'slow']]) {
      expect(narrow({ tags })).toMatchObject({
        ok: false,
        error: {
          message: 'No selected job has the tag slow',
          hint: 'They have the tags quick, unit.',
        },
      });
    }
  });

  it('refuses what leaves nothing, and says which options did', () => {
    expect(narrow({ except: ['*'] })).toMatchObject({
      ok: false,
      error: {
        message: 'No job is left to run',
        reason: `nothing of ${all.join(', ')} stays with --except`,
        hint: 'Loosen --except.',
      },
    });
    expect(narrow({ only: ['e2e'], tags: ['quick'] })).toMatchObject({
      ok: false,
      error: { hint: 'Loosen --only or --tag.' },
    });
  });

  it('never leaves a job without what it needs, nor one that needs what was taken out', () => {
    const some = fc.subarray(all);
    fc.assert(
      fc.property(some, some, (only, except) => {
        const left = jobsOf({ only, except });
        if (!Array.isArray(left)) return;
        for (const id of left as readonly string[]) {
          expect(except).not.toContain(id);
          for (const needed of config.jobs[id]?.needs ?? []) expect(left).toContain(needed);
        }
      }),
    );
  });
});

describe('results that are reused', () => {
  const result = (jobId: string) => ({ jobId, runId: 'earlier' });

  it('are those of selected jobs; the rest is run', () => {
    expect(withoutPassed(selection, ['build', 'lint', 'gone'].map(result))).toEqual({
      ...selection,
      jobIds: ['unit-api', 'unit-web', 'e2e', 'publish'],
      reused: [result('build'), result('lint')],
    });
  });

  it('from a job on are those that what is run needs, and no others', () => {
    expect(selectFrom(config, selection, 'e2e', result)).toEqual({
      ok: true,
      value: {
        ...selection,
        jobIds: ['e2e', 'publish'],
        reused: [result('unit-web'), result('lint')],
      },
    });
  });

  it('must be there for all that is needed', () => {
    const passed = (id: string) => (id === 'lint' ? null : result(id));
    expect(selectFrom(config, selection, 'e2e', passed)).toMatchObject({
      ok: false,
      error: { message: 'Job "lint" is needed, and has not passed in any run' },
    });
    expect(selectFrom(config, selection, 'nope', result)).toMatchObject({ ok: false });
  });
});
