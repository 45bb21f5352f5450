import { formatConfigPath } from '../config-path.js';
import { validateConfig } from '../validate-config.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinationsOf } from './combinations.js';

const base = { schemaVersion: 1 };

function valid(input: object) {
  const validation = validateConfig({ ...base, ...input });
  if (!validation.ok) throw new Error(JSON.stringify(validation.issues));
  return validation.config;
}
function issuesOf(input: object): readonly string[] {
  const validation = validateConfig({ ...base, ...input });
  if (validation.ok) return [];
  return validation.issues.map(({ path, message }) => `${formatConfigPath(path)}: ${message}`);
}

describe('a job that extends templates', () => {
  it('has what they hold, itself first, then later templates before earlier ones', () => {
    const { jobs } = valid({
      templates: {
        node: { run: 'npm test', env: { A: '1', B: '1' }, tags: ['node'] },
        slow: { timeoutSeconds: 7200, env: { B: '2' }, tags: ['slow'] },
      },
      jobs: { unit: { extends: ['node', 'slow'], env: { C: '3' } }, other: { run: 'x' } },
    });
    expect(jobs['unit']).toMatchObject({
      run: 'npm test',
      timeoutSeconds: 7200,
      env: { A: '1', B: '2', C: '3' },
      tags: ['slow'],
    });
    expect(jobs['unit']).not.toHaveProperty('extends');
  });

  it('has their reports, as they have artifacts, also in a matrix', () => {
    const { jobs } = valid({
      templates: { tests: { run: 'x', reports: { junit: 'out/*.xml' } } },
      jobs: {
        unit: { extends: 'tests', matrix: { node: ['20', '22'] } },
        other: { extends: 'tests', reports: { junit: ['a.xml', 'b.xml'] } },
      },
    });
    expect(jobs['unit-22']?.reports).toEqual({ junit: 'out/*.xml' });
    expect(jobs['other']?.reports).toEqual({ junit: ['a.xml', 'b.xml'] });
  });

  it('is told what is wrong with them at their own place, once', () => {
    const templates = { node: { run: 'x', timeoutSeconds: 'soon', env: { A: 1 }, tmieout: 2 } };
    const jobs = { a: { extends: 'node' }, b: { extends: 'node', env: { A: '1' } } };
    expect([...issuesOf({ templates, jobs })].sort()).toEqual([
      expect.stringMatching(/^templates\.node\.env\.A: .*got 1$/u),
      expect.stringMatching(/^templates\.node\.timeoutSeconds: .*got "soon"/u),
      expect.stringMatching(/^templates\.node\.tmieout: unknown key/u),
    ]);
  });

  it('names the template that was meant', () => {
    expect(
      issuesOf({ templates: { node: { run: 'x' } }, jobs: { a: { run: 'x', extends: ['noed'] } } }),
    ).toEqual(['jobs.a.extends[0]: unknown template `noed` in job `a`, did you mean `node`?']);
  });
});

describe('a job with a matrix', () => {
  const unit = {
    run: 'echo ${matrix:node} on ${matrix:os}, not $${matrix:node}',
    matrix: { node: [22, 24], os: ['bookworm', 'deb 13'], exclude: [{ node: 22, os: 'deb 13' }] },
  };

  it('becomes one for each combination, and those that name it name them all', () => {
    const config = valid({
      jobs: { unit, e2e: { run: 'x', needs: ['lint', 'unit'] }, lint: { run: 'x' } },
      targets: { all: { jobs: ['unit', 'e2e'] } },
    });
    const made = ['unit-22-bookworm', 'unit-24-bookworm', 'unit-24-deb-13'];
    expect(Object.keys(config.jobs)).toEqual([...made, 'e2e', 'lint']);
    expect(config.jobs['unit-24-deb-13']?.run).toBe('echo 24 on deb 13, not ${matrix:node}');
    expect(config.jobs['e2e']?.needs).toEqual(['lint', ...made]);
    expect(config.targets['all']?.jobs).toEqual([...made, 'e2e']);
    expect(config.matrixJobs?.['unit-24-deb-13']).toEqual({
      base: 'unit',
      values: { node: '24', os: 'deb 13' },
    });
  });

  it('may take its axes from a template, and name payloads by them', () => {
    const payload = { kind: 'directory', source: '/x', mounts: [] };
    const config = valid({
      payloads: { 'deps-22': payload, 'deps-24': payload },
      templates: { node: { matrix: { node: [22, 24] }, payloads: ['deps-${matrix:node}'] } },
      jobs: { unit: { extends: 'node', run: 'x' } },
    });
    expect(config.jobs['unit-24']?.payloads).toEqual(['deps-24']);
  });

  it('is told what is wrong at the place in the file, once', () => {
    expect(
      issuesOf({
        jobs: { unit: { ...unit, tiemout: 1 }, e2e: { run: 'x', needs: ['unit', 'nope'] } },
      }),
    ).toEqual([expect.stringMatching(/^jobs\.unit\.tiemout: unknown key/u)]);
    expect(issuesOf({ jobs: { unit, e2e: { run: 'x', needs: ['unit', 'nope'] } } })).toEqual([
      expect.stringMatching(/^jobs\.e2e\.needs\[1\]: unknown job `nope`/u),
    ]);
  });

  it.each<[object, string]>([
    [
      { run: '${matrix:nod}', matrix: { node: [1, 2] } },
      'a combination of its matrix has no `nod`',
    ],
    [{ run: 'x', matrix: {} }, 'has no combination'],
    [{ run: 'x', matrix: { node: [1], exclude: [{ node: 1 }] } }, 'has no combination'],
    [{ run: 'x', matrix: { 'a b': [1] } }, 'has an axis with the name "a b"'],
    [{ run: 'x', matrix: { v: ['a b', 'a/b'] } }, 'makes the job `unit-a-b` twice'],
    [{ run: 'x', matrix: { n: [...Array(17).keys()], m: [...Array(17).keys()] } }, 'is the most'],
    [{ run: 'x', matrix: { node: 22 } }, 'expected a list'],
    [{ run: 'x', matrix: { node: [{ a: 1 }] } }, 'has an axis with a value that is no text'],
  ])('is refused: %j', (job, message) => {
    const issues = issuesOf({ jobs: { unit: job } });
    expect(issues).toHaveLength(1);
    expect(issues[0]).toContain(message);
  });
});

describe('a target of Nx projects', () => {
  const target = (nx: object) => ({ jobs: {}, targets: { test: { nx } } });

  it('needs no jobs of its own, while every other target does', () => {
    expect(valid(target({ target: 'test' })).targets['test']).toMatchObject({
      jobs: [],
      nx: { target: 'test', affected: true, job: {} },
    });
    expect(issuesOf({ jobs: {}, targets: { empty: {} } })).toEqual([
      'targets.empty: target `empty` has no jobs',
    ]);
  });

  it('is told what is wrong with its jobs at its own place', () => {
    expect(issuesOf(target({ target: 'test', job: { payloads: ['none'] } }))).toEqual([
      expect.stringMatching(/^targets\.test\.nx\.job\.payloads\[0\]: unknown payload `none`/u),
    ]);
    expect(issuesOf(target({ target: 'test', job: { run: 'x' } }))).toEqual([
      expect.stringMatching(/^targets\.test\.nx\.job\.run: unknown key/u),
    ]);
  });
});

describe('the combinations of a matrix', () => {
  it('are the product of the axes less what is excluded, and what is included, each once', () => {
    const values = fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 });
    const some = fc.array(fc.record({ a: fc.nat(5), b: fc.nat(5) }), { maxLength: 3 });
    fc.assert(
      fc.property(values, values, some, some, (a, b, include, exclude) => {
        const made = combinationsOf({ a, b, include, exclude }) ?? [];
        const texts = made.map((one) => JSON.stringify(one));
        const matches = (one: { a: number; b: number }, x: number, y: number) =>
          one.a === x && one.b === y;
        for (const x of [0, 1, 2, 3, 4, 5]) {
          for (const y of [0, 1, 2, 3, 4, 5]) {
            const isProduct =
              a.includes(x) && b.includes(y) && !exclude.some((one) => matches(one, x, y));
            const isIncluded = include.some((one) => matches(one, x, y));
            const text = JSON.stringify({ a: String(x), b: String(y) });
            expect(texts.filter((other) => other === text)).toHaveLength(
              isProduct || isIncluded ? 1 : 0,
            );
          }
        }
      }),
    );
  });
});
