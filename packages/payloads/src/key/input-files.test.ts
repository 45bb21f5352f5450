import { createPayloadRig, type PayloadRig } from '@pikaci/testkit';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findInputFiles } from './input-files.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
  for (const path of [
    'package.json',
    '.npmrc',
    'packages/a/package.json',
    'packages/b/package.json',
    'packages/b/deep/package.json',
    'src/one.ts',
    'src/one.md',
    'src/.hidden',
    'src/deep/two.ts',
    'odd/[x].txt',
    'pikaci-snapshot.json',
  ]) {
    rig.write(path, path);
  }
});
afterEach(() => rig.remove());

async function found(...globs: string[]): Promise<string[]> {
  const files = await findInputFiles(rig.snapshotDir, globs, 'example');
  if (!files.ok) throw new Error(files.error.message);
  return files.value.map((file) => file.relativePath.toString('utf8'));
}

async function refusal(...globs: string[]): Promise<string> {
  const files = await findInputFiles(rig.snapshotDir, globs, 'example');
  return files.ok ? '' : `${files.error.message}. ${files.error.hint}`;
}

describe('the input files of a payload', () => {
  it('are those that the globs match, each once, sorted by bytes', async () => {
    expect(await found('packages/*/package.json', 'package.json', 'package*')).toEqual([
      'package.json',
      'packages/a/package.json',
      'packages/b/package.json',
    ]);
    expect(await found('src/**')).toEqual(['src/deep/two.ts', 'src/one.md', 'src/one.ts']);
    expect(await found('{src,packages/a}/*.{ts,json}')).toEqual([
      'packages/a/package.json',
      'src/one.ts',
    ]);
  });

  it('have a leading dot where the glob has it', async () => {
    expect(await found('.npmrc', 'src/.*')).toEqual(['.npmrc', 'src/.hidden']);
  });

  it('are not those that a glob with an exclamation mark takes away', async () => {
    expect(await found('src/**', '!**/*.md')).toEqual(['src/deep/two.ts', 'src/one.ts']);
  });

  it('are found by their very name when that looks like a glob', async () => {
    expect(await found('odd/[x].txt')).toEqual(['odd/[x].txt']);
    expect(await found('odd/\\[x\\].txt')).toEqual(['odd/[x].txt']);
  });

  it('do not hold the marker of the snapshot, which differs from run to run', async () => {
    expect(await found('*')).toEqual(['package.json']);
  });

  it('are links themselves, and nothing behind a link', async () => {
    mkdirSync(join(rig.dir, 'outside'));
    writeFileSync(join(rig.dir, 'outside/file'), 'x');
    symlinkSync(join(rig.dir, 'outside'), join(rig.snapshotDir, 'src/link'));
    expect(await found('src/l*', 'src/link')).toEqual(['src/link']);
    expect(await refusal('src/link/*')).toContain('matches no file');
    expect(await refusal('src/link/file')).toContain('matches no file');
  });

  it('take names that are no UTF-8', async () => {
    const name = Buffer.concat([Buffer.from(join(rig.snapshotDir, 'odd/')), Buffer.from([0xff])]);
    writeFileSync(name, 'x');
    const files = await findInputFiles(rig.snapshotDir, ['odd/**'], 'example');
    expect(files.ok && files.value.map((file) => file.relativePath.toString('latin1'))).toEqual([
      'odd/[x].txt',
      'odd/ÿ',
    ]);
  });

  it('take names with line ends, and lose them to exclusions', async () => {
    rig.write('odd/a\nb.txt', 'x');
    expect(await found('odd/**')).toEqual(['odd/[x].txt', 'odd/a\nb.txt']);
    expect(await found('odd/**', '!odd/a*')).toEqual(['odd/[x].txt']);
  });

  it('are missed with the glob, the payload and what to do', async () => {
    expect(await refusal('lib/**')).toMatch(
      /"lib\/\*\*" of payload "example" matches no file.*Correct/,
    );
    expect(await refusal('src')).toContain('Write "src/**"');
  });

  it('cannot be outside of the snapshot', async () => {
    expect(await refusal('/etc/*')).toContain('is absolute');
    expect(await refusal('../*')).toContain('leads out');
  });
});
