import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directoryWith } from '../config-files.test.helper.js';
import { loadConfig } from '../load-config.js';
import { findTools } from './find-tools.js';
import { firstConfigFormats, formatFirstConfig } from './format-first-config.js';
import { makeFirstConfig } from './make-first-config.js';
import { readProjectFiles } from './read-project-files.js';

const projects: readonly (readonly [kind: string, files: Readonly<Record<string, string>>])[] = [
  ['an empty directory', {}],
  [
    'npm',
    {
      'package.json': '{"scripts":{"test":"x"},"dependencies":{"a":"1"}}',
      'package-lock.json': '{}',
    },
  ],
  [
    'a workspace of pnpm',
    {
      'package.json': '{"scripts":{"test":"x"}}',
      'pnpm-lock.yaml': '',
      'pnpm-workspace.yaml': 'packages: [libs/*]',
      'libs/a/package.json': '{"dependencies":{"a":"1"}}',
    },
  ],
  ['Yarn', { 'package.json': '{"scripts":{"test":"x"},"packageManager":"yarn@4.0.0"}' }],
  [
    'Nx with dependencies',
    { 'package.json': '{"dependencies":{"a":"1"}}', 'nx.json': '{"targetDefaults":{"test":{}}}' },
  ],
  ['Nx', { 'package.json': '{}', 'nx.json': '{"targetDefaults":{"test":{}}}' }],
  ['cargo', { 'Cargo.toml': '' }],
  ['go', { 'go.mod': '' }],
  ['Python', { 'requirements.txt': 'pytest\n' }],
  ['make', { Makefile: 'test:\n' }],
  [
    'all of them',
    {
      'package.json': '{"scripts":{"test":"x"},"dependencies":{"a":"1"}}',
      'Cargo.toml': '',
      'go.mod': '',
      'requirements.txt': '',
      Makefile: 'test:\n',
    },
  ],
];

const cases = projects.flatMap(([kind, files]) =>
  firstConfigFormats.map((format) => [kind, format, files] as const),
);

describe('a first configuration', () => {
  it.each(cases)('of %s as %s can be loaded, without warnings', async (_, format, files) => {
    const directory = await directoryWith(files);
    const first = makeFirstConfig(findTools(await readProjectFiles(directory)));
    const text = formatFirstConfig(first, format);
    const written = await directoryWith({ [`pikaci.config.${format}`]: text });
    const loaded = await loadConfig({ cwd: written });
    if (!loaded.ok) throw new Error(loaded.error.message);
    expect(loaded.value.warnings).toEqual([]);
    const { config, file } = loaded.value;
    expect(file).toBe(join(written, `pikaci.config.${format}`));
    expect(config.targets['ci']?.jobs).toEqual(Object.keys(config.jobs));
    expect(Object.keys(config.jobs)).toEqual(Object.keys(first.config.jobs));
    expect(config.payloads).toMatchObject(first.config.payloads ?? {});
    expect(config.jobs).toMatchObject(first.config.jobs);
    expect(config.targets).toMatchObject(first.config.targets ?? {});
  });

  it('explains itself in YAML', () => {
    const files = { 'package.json': '{"scripts":{"test":"x"},"dependencies":{"a":"1"}}' };
    const text = yamlOf(files);
    expect(text).toMatch(/^# What pikaci runs for this project/u);
    expect(text).toContain(`
# Directories that are built once, kept by what went into them, and mounted read-only into jobs.
payloads:
  node-modules:
    kind: command
    # Without the scripts of the packages; take --ignore-scripts out if one has to build something.
    run: npm install --ignore-scripts --no-package-lock
    # All that the build sees; it is done again when one of these files changes.
    inputs: [package.json]
`);
    expect(text).toContain(`
jobs:
  test:
    run: npm test
    payloads: [node-modules]
`);
  });

  it('explains itself in TypeScript', () => {
    const text = textOf({ 'Cargo.toml': '' }, 'ts');
    expect(text).toContain(`
    test: {
      // Compiles anew each time. To keep what it compiled: env: { CARGO_TARGET_DIR: /absolute/path }
      run: 'cargo test --workspace',
    },
`);
  });

  it('says what to change where nothing was found', () => {
    const text = yamlOf({ 'package.json': '{"dependencies":{"a":"1"}}' });
    expect(text).toContain(
      '# Nothing was found that tells how this project is tested. Change the command below',
    );
    // A payload that no job uses is a warning.
    expect(text).not.toContain('payloads:');
  });
});

describe('the files that are looked at', () => {
  it('are those at the root, and of packages that are no dependencies', async () => {
    const directory = await directoryWith({
      'package.json': '{}',
      'README.md': 'x',
      'libs/a/package.json': '{"name":"a"}',
      'libs/a/Makefile': 'test:',
      'node_modules/b/package.json': '{}',
      '.cache/c/package.json': '{}',
      'tests/test_a.py': 'import a',
    });
    expect([...(await readProjectFiles(directory))]).toEqual([
      ['libs/a/package.json', '{"name":"a"}'],
      ['package.json', '{}'],
      ['tests/test_a.py', ''],
    ]);
    expect([...(await readProjectFiles(join(directory, 'missing')))]).toEqual([]);
  });
});

function textOf(files: Readonly<Record<string, string>>, format: 'yaml' | 'ts'): string {
  return formatFirstConfig(makeFirstConfig(findTools(new Map(Object.entries(files)))), format);
}

function yamlOf(files: Readonly<Record<string, string>>): string {
  return textOf(files, 'yaml');
}
