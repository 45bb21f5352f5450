import { describe, expect, it } from 'vitest';
import { checked, payloadWith } from './checked.test.helper.js';
import { checkEntrypointReferences } from './entrypoint-references.js';
import { checkNestedStages } from './nested-stages.js';
import { checkRepeatedPayloads } from './repeated-payloads.js';

const run = 'x';
const directory = { kind: 'directory', source: '/a' } as const;

describe('a payload that a job lists twice', () => {
  it('is told with its modes where they differ', () => {
    const payloads = ['a', { payload: 'a', mode: 'overlay' as const }];
    const input = { payloads: { a: directory }, jobs: { one: { run, payloads } } };
    expect(checked(checkRepeatedPayloads, input)).toEqual([
      'jobs.one.payloads[1].payload: job `one` lists payload `a` twice, as read-only and as overlay',
    ]);
  });
});

describe('the places at which payloads of a job are staged', () => {
  it('do not lie inside one another', () => {
    const input = {
      payloads: { a: payloadWith([], { stageAt: 'staged' }), ab: directory, b: directory },
      jobs: { one: { run, payloads: ['b', 'a'] }, two: { run, payloads: ['ab', 'b'] } },
    };
    expect(checked(checkNestedStages, input)).toEqual([
      'payloads.a.stageAt: payload `b` of job `one` is staged at `staged/b`, inside payload `a` at `staged`',
    ]);
  });
});

describe('references to entry points', () => {
  const entrypoints = [{ name: 'say', path: 'bin/say' }];
  const input = (command: string) => ({
    payloads: { a: { ...payloadWith([]), entrypoints }, own: directory },
    jobs: { one: { run: command, payloads: ['a', 'own'] } },
  });

  it('name payloads of the job, and entry points where the configuration declares them', () => {
    const fine =
      '${payload:a:entrypoint:say} ${payload:own:entrypoint:any} $${payload:x ${payload:-x}';
    expect(checked(checkEntrypointReferences, input(fine))).toEqual([]);
  });

  it.each([
    [
      '${payload:b:entrypoint:say}',
      '` in the command of job `one` names a payload that the job does not have',
    ],
    [
      '${payload:a:entrypoint:no}',
      '` in the command of job `one`: payload `a` has no entry point `no`',
    ],
    [
      '${payload:a}',
      '` in the command of job `one` is not of the form ${payload:<payload id>:entrypoint:<name>}',
    ],
  ])('are refused: %s', (command, problem) => {
    expect(checked(checkEntrypointReferences, input(command))).toEqual([
      `jobs.one.run: \`${command}${problem}`,
    ]);
  });
});
