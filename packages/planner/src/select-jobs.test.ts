import { pikaciConfigSchema } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { selectJobs } from './select-jobs.js';

const config = (defaultTarget?: string) =>
  pikaciConfigSchema.parse({
    schemaVersion: 1,
    ...(defaultTarget === undefined ? {} : { defaultTarget }),
    jobs: {
      lint: { run: 'lint' },
      unit: { run: 'unit' },
      e2e: { run: 'e2e', needs: ['unit'] },
    },
    targets: {
      fast: { jobs: ['lint', 'unit'], description: 'quick' },
      all: { jobs: ['e2e', 'lint'] },
    },
  });

describe('selectJobs', () => {
  it('takes the default target when nothing is named', () => {
    expect(selectJobs(config('fast'), [])).toEqual({
      ok: true,
      value: { targetId: 'fast', targetDescription: 'quick', jobIds: ['lint', 'unit'], reused: [] },
    });
  });

  it('adds what a job needs before it, once', () => {
    expect(selectJobs(config(), ['e2e', 'unit'])).toMatchObject({
      ok: true,
      value: { targetId: null, jobIds: ['unit', 'e2e'] },
    });
  });

  it('records no target when several things are named', () => {
    expect(selectJobs(config(), ['all', 'fast'])).toMatchObject({
      ok: true,
      value: { targetId: null, jobIds: ['unit', 'e2e', 'lint'] },
    });
  });

  it('says what there is when nothing is named and there is no default', () => {
    expect(selectJobs(config(), [])).toMatchObject({
      ok: false,
      error: {
        kind: 'selection',
        hint: 'Name what to run (targets fast, all; jobs lint, unit, e2e), or set defaultTarget.',
      },
    });
  });

  it.each(['nope', 'constructor', '__proto__'])('refuses the unknown name %s', (name) => {
    expect(selectJobs(config(), [name])).toMatchObject({
      ok: false,
      error: { kind: 'selection', message: `There is no target or job "${name}"` },
    });
  });
});
