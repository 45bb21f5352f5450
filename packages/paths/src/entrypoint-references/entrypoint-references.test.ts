import { payloadManifestSchema } from '@pikaci/model';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseEntrypointReferences } from './parse-entrypoint-references.js';
import { resolveEntrypointReferences } from './resolve-entrypoint-references.js';

const manifest = payloadManifestSchema.parse({
  schemaVersion: 1,
  kind: 'x_v1',
  entrypoints: [
    { name: 'run', relativePath: 'bin/run' },
    { name: 'root-file', relativePath: 'top' },
    { name: 'lost', relativePath: 'elsewhere/lost' },
    { name: 'single', relativePath: 'lib/one' },
  ],
  mounts: [
    { name: 'bin', relativePath: 'bin', guestPath: '/opt/bin' },
    { name: 'one', relativePath: 'lib/one', guestPath: '/opt/one' },
  ],
});
const tool = { payloadId: 'tool', manifest };
const mounts = [
  { payloadId: 'tool', name: 'bin', path: '/opt/my bin' },
  { payloadId: 'tool', name: 'one', path: '/opt/one' },
];
const resolve = (command: string) => resolveEntrypointReferences(command, [tool], mounts);

describe('references to entry points', () => {
  it('become the paths at which the job finds them, each as one word of the shell', () => {
    const command = '${payload:tool:entrypoint:run} --flag ${payload:tool:entrypoint:single}/x';
    expect(resolve(command)).toEqual({ ok: true, value: `'/opt/my bin/run' --flag /opt/one/x` });
  });

  it('lead through the innermost of the mounts that hold them', () => {
    const nested = {
      ...manifest,
      mounts: [
        { ...manifest.mounts[0]!, name: 'all', relativePath: '.' },
        { ...manifest.mounts[0]!, name: 'inner', relativePath: 'bin' },
        { ...manifest.mounts[0]!, name: 'sibling', relativePath: 'bi' },
      ],
    };
    const places = ['all', 'inner', 'sibling'].map((name) => ({
      payloadId: 'tool',
      name,
      path: `/${name}`,
    }));
    const command = '${payload:tool:entrypoint:run} ${payload:tool:entrypoint:root-file}';
    const payload = { payloadId: 'tool', manifest: nested };
    expect(resolveEntrypointReferences(command, [payload], places)).toEqual({
      ok: true,
      value: '/inner/run /all/top',
    });
  });

  it.each([
    '${payload}',
    '${payload:-tool:entrypoint:run}',
    '${payload:=x} ${payload:?x} ${payload:+x}',
    '$payload:tool',
    '${payloads:tool:entrypoint:run}',
    '$$ ${HOME}',
  ])('leave what belongs to the shell as it is: %s', (command) => {
    expect(resolve(command)).toEqual({ ok: true, value: command });
  });

  it('are plain text after a second dollar', () => {
    expect(resolve('echo $${payload:tool:entrypoint:run} $${payload:')).toEqual({
      ok: true,
      value: 'echo ${payload:tool:entrypoint:run} ${payload:',
    });
  });

  it.each([
    ['${payload:tool}', 'is not of the form ${payload:<payload id>:entrypoint:<name>}'],
    ['${payload:tool:entry:run}', 'is not of the form'],
    ['${payload:tool:entrypoint:run:x}', 'is not of the form'],
    ['${payload:tool:entrypoint:}', 'has "" where a name should be'],
    ['${payload:to ol:entrypoint:run}', 'has "to ol" where a name should be'],
    ['${payload:tool:entrypoint:run', 'has no closing brace on its line'],
  ])('are refused when malformed: %s', (command, problem) => {
    expect(resolve(`${command}\ntrue }`)).toMatchObject({
      ok: false,
      error: {
        kind: 'config',
        message: expect.stringContaining(`${command} in the command ${problem}`) as string,
      },
    });
  });

  it('are refused with what there is instead', () => {
    expect(resolve('${payload:other:entrypoint:run}')).toMatchObject({
      error: { kind: 'config', hint: expect.stringContaining('It has: tool.') as string },
    });
    expect(resolve('${payload:tool:entrypoint:walk}')).toMatchObject({
      error: {
        kind: 'config',
        message: 'Payload "tool" has no entry point "walk"',
        hint: 'It has: run, root-file, lost, single.',
      },
    });
    expect(resolve('${payload:tool:entrypoint:lost}')).toMatchObject({
      error: {
        kind: 'payload',
        message: 'No mount holds the entry point "lost" of payload "tool"',
        reason: 'it is elsewhere/lost in the payload',
      },
    });
  });

  it('leave all text around them to the byte', () => {
    const pieces = fc.constantFrom('$', '{', 'payload', ':', '}', '-', 'tool', '\n', ' ', '"');
    fc.assert(
      fc.property(fc.array(pieces), (words) => {
        const command = words.join('');
        const parts = parseEntrypointReferences(command);
        const escapes = command.match(/\$\$\{payload:(?![-=?+])/g)?.length ?? 0;
        const texts = parts.map((part) => part.text).join('');
        expect(texts.length).toBe(command.length - escapes);
      }),
    );
  });

  it('reach the program as one argument, whatever the path holds', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12 }), (odd) => {
        const path = `/${odd.replaceAll(/[\0/.]/g, '_')}`;
        const command = "printf '%s|' ${payload:tool:entrypoint:run} end";
        const found = [{ payloadId: 'tool', name: 'bin', path }];
        const resolved = resolveEntrypointReferences(command, [tool], found);
        const { stdout } = spawnSync('sh', ['-c', resolved.ok ? resolved.value : 'false']);
        expect(stdout.toString()).toBe(`${path}/run|end|`);
      }),
      { numRuns: 25 },
    );
  });
});
