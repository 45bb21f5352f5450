import { describe, expect, it } from 'vitest';
import { checked, payloadWith } from './checked.test.helper.js';
import { checkGlobs } from './globs.js';
import { checkNodeIds } from './node-ids.js';
import { checkPayloadPaths } from './payload-paths.js';
import { checkPayloadPlaces } from './payload-places.js';
import { checkRepeatedPayloads } from './repeated-payloads.js';
import { checkTargetNames } from './target-names.js';
import { unusedPayloads } from './unused-payloads.js';

const run = 'x';
const directory = { kind: 'directory', source: '/a' } as const;

describe('the payloads of a job', () => {
  it('are each listed once for a runtime', () => {
    const payloads = { a: directory };
    const twice = { run, payloads: ['a', 'a'] };
    const twiceOnIncus = { run, payloads: ['a', { payload: 'a', runtime: 'incus' as const }] };
    expect(checked(checkRepeatedPayloads, { payloads, jobs: { twice, twiceOnIncus } })).toEqual([
      'jobs.twice.payloads[1]: job `twice` lists payload `a` twice',
      'jobs.twiceOnIncus.payloads[1].payload: job `twiceOnIncus` lists payload `a` twice',
    ]);
  });

  it('may be listed for one runtime and again for the other', () => {
    const listed = (['process', 'incus'] as const).map((runtime) => ({ payload: 'a', runtime }));
    const input = { payloads: { a: directory }, jobs: { one: { run, payloads: listed } } };
    expect(checked(checkRepeatedPayloads, input)).toEqual([]);
  });

  it('have device prefixes of their own, also where they are the ids', () => {
    const input = {
      payloads: { deps: directory, other: payloadWith([], { devicePrefix: 'deps' }) },
      jobs: {
        one: { run, payloads: ['other', 'deps'] },
        two: { run, payloads: ['other'] },
      },
    };
    expect(checked(checkPayloadPlaces, input)).toEqual([
      'payloads.other.devicePrefix: payloads `other` and `deps` of job `one` have the same devicePrefix `deps`',
    ]);
  });

  it('are staged at places of their own', () => {
    const input = {
      payloads: {
        a: payloadWith([], { stageAt: 'staged/b' }),
        b: directory,
      },
      jobs: { one: { run, payloads: ['a', 'b'] } },
    };
    expect(checked(checkPayloadPlaces, input)).toEqual([
      'payloads.a.stageAt: payloads `a` and `b` of job `one` have the same stageAt `staged/b`',
    ]);
  });
});

describe('the paths of a payload', () => {
  it('stay in the directory of the job and of the build', () => {
    const input = {
      payloads: {
        a: payloadWith([], { stageAt: '/abs' }),
        b: payloadWith([], { stageAt: 'artifacts/b' }),
        c: payloadWith([], { stageAt: '.' }),
        d: payloadWith([], { stageAt: 'staged/../../d' }),
        e: payloadWith([], { stageAt: 'staged-linux-rust/workspace-deps' }),
        f: { kind: 'command' as const, run, output: '../f' },
        g: { kind: 'command' as const, run, output: 'node_modules' },
      },
    };
    expect(checked(checkPayloadPaths, input)).toEqual([
      'payloads.a.stageAt: payloads.a.stageAt: "/abs" is absolute',
      'payloads.b.stageAt: payloads.b.stageAt: "artifacts/b" is in the way of pikaci\'s own `artifacts` in the job\'s directory',
      'payloads.c.stageAt: payloads.c.stageAt: "." is the job\'s directory itself',
      'payloads.d.stageAt: payloads.d.stageAt: "staged/../../d" leads out with ".."',
      'payloads.f.output: payloads.f.output: "../f" leads out with ".."',
    ]);
  });
});

it('keeps globs in the tree that they are matched in', () => {
  const input = {
    payloads: { a: { kind: 'command' as const, run, inputs: ['src/**', '../x/**'] } },
    jobs: {
      one: { run, artifacts: ['/tmp/*', 'a..b/*'], reports: { junit: '/tmp/*.xml' } },
      two: { run, reports: { junit: ['out/*.xml', '../*.xml'] } },
    },
    targets: { all: { jobs: ['one'], paths: ['!/a', '!**/*.md'] } },
  };
  expect(checked(checkGlobs, input)).toEqual([
    'payloads.a.inputs[1]: payloads.a.inputs[1]: "../x/**" leads out of the tree with ".."',
    'jobs.one.artifacts[0]: jobs.one.artifacts[0]: "/tmp/*" is absolute, and globs are relative to the tree',
    'jobs.one.reports.junit: jobs.one.reports.junit: "/tmp/*.xml" is absolute, and globs are relative to the tree',
    'jobs.two.reports.junit[1]: jobs.two.reports.junit[1]: "../*.xml" leads out of the tree with ".."',
    'targets.all.paths[0]: targets.all.paths[0]: "!/a" is absolute, and globs are relative to the tree',
  ]);
});

it('refuses a payload whose node would have the id of a job’s runtime node', () => {
  const input = { payloads: { 'unit-runner': directory }, jobs: { unit: { run } } };
  expect(checked(checkNodeIds, input)).toEqual([
    'payloads.unit-runner: payload `unit-runner` and job `unit` would both have the node `prepare-unit-runner`',
  ]);
  expect(checked(checkNodeIds, { ...input, jobs: { e2e: { run } } })).toEqual([]);
});

it('lets a target have the name of a job that it contains, and of no other', () => {
  const jobs = { unit: { run }, e2e: { run } };
  expect(checked(checkTargetNames, { jobs, targets: { unit: { jobs: ['e2e', 'unit'] } } })).toEqual(
    [],
  );
  expect(checked(checkTargetNames, { jobs, targets: { unit: { jobs: ['e2e'] } } })).toEqual([
    'targets.unit: target `unit` has the name of a job that it does not contain',
  ]);
});

it('sees which payloads no job needs, also through other payloads', () => {
  const input = {
    payloads: {
      base: directory,
      used: { ...directory, dependsOn: ['base'] },
      spare: { ...directory, dependsOn: ['base'] },
    },
    jobs: { one: { run, payloads: ['used'] } },
  };
  expect(checked(unusedPayloads, input)).toEqual([
    'payloads.spare: payload `spare` is needed by no job',
  ]);
});
