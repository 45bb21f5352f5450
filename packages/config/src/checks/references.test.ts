import { expect, it } from 'vitest';
import { checked } from './checked.test.helper.js';
import { checkReferences } from './references.js';

const run = 'x';

it('is content when everything that is named is there', () => {
  const issues = checked(checkReferences, {
    defaultTarget: 'all',
    payloads: {
      a: { kind: 'directory', source: '/a' },
      b: { kind: 'directory', source: '/b', dependsOn: ['a'] },
    },
    jobs: {
      one: { run, payloads: ['a', { payload: 'b', runtime: 'incus' }] },
      two: { run, needs: ['one'] },
    },
    targets: { all: { jobs: ['one', 'two'] } },
  });
  expect(issues).toEqual([]);
});

it('names every place that names nothing, with the closest id there is', () => {
  const issues = checked(checkReferences, {
    defaultTarget: 'al',
    payloads: { node: { kind: 'directory', source: '/a', dependsOn: ['nodes'] } },
    jobs: {
      unit: { run, payloads: ['nod', { payload: 'other', runtime: 'incus' }], needs: ['unti'] },
    },
    targets: { all: { jobs: ['unit', 'e2e'] } },
  });
  expect(issues).toEqual([
    'defaultTarget: unknown target `al` in defaultTarget, did you mean `all`?',
    'payloads.node.dependsOn[0]: unknown payload `nodes` in payloads.node.dependsOn[0], did you mean `node`?',
    'jobs.unit.payloads[0]: unknown payload `nod` in jobs.unit.payloads[0], did you mean `node`?',
    'jobs.unit.payloads[1].payload: unknown payload `other` in jobs.unit.payloads[1].payload',
    'jobs.unit.needs[0]: unknown job `unti` in jobs.unit.needs[0], did you mean `unit`?',
    'targets.all.jobs[1]: unknown job `e2e` in targets.all.jobs[1]',
  ]);
});

it('does not take what every object has for an id', () => {
  const issues = checked(checkReferences, { jobs: { a: { run, needs: ['constructor'] } } });
  expect(issues).toEqual(['jobs.a.needs[0]: unknown job `constructor` in jobs.a.needs[0]']);
});
