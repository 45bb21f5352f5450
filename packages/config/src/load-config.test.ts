import { pikaciConfigSchema } from '@pikaci/model';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directoryWith } from './config-files.test.helper.js';
import { loadConfig } from './load-config.js';

const minimal = pikaciConfigSchema.parse({ schemaVersion: 1, jobs: { test: { run: 'npm test' } } });
const literal = `{ schemaVersion: 1, jobs: { test: { run: 'npm test' } } }`;

describe('a configuration', () => {
  it.each([
    ['yaml', 'pikaci.config.yaml', 'schemaVersion: 1\njobs:\n  test:\n    run: npm test\n'],
    ['JSON', 'pikaci.config.json', '{"schemaVersion":1,"jobs":{"test":{"run":"npm test"}}}'],
    [
      'JSON with tabs',
      'pikaci.config.json',
      '{\n\t"schemaVersion": 1,\n\t"jobs": {\n\t\t"test": {\n\t\t\t"run": "npm test"\n\t\t}\n\t}\n}\n',
    ],
    [
      'JSON with a byte order mark',
      'a.json',
      `\uFEFF{"schemaVersion":1,"jobs":{"test":{"run":"npm test"}}}`,
    ],
    ['an object in a module', 'pikaci.config.mjs', `export default ${literal};`],
    ['a function', 'pikaci.config.mjs', `export default () => (${literal});`],
    [
      'an async function',
      'pikaci.config.ts',
      `export default async function (): Promise<object> { return ${literal}; }`,
    ],
    ['a promise', 'pikaci.config.ts', `export default Promise.resolve(${literal});`],
    [
      'a module that waits',
      'pikaci.config.ts',
      `const run = await Promise.resolve('npm test');\nexport default { schemaVersion: 1, jobs: { test: { run } } };`,
    ],
    [
      'defineConfig',
      'pikaci.config.ts',
      `import { defineConfig } from '@pikaci/config';\nexport default defineConfig(${literal});`,
    ],
    [
      'defineConfig in JavaScript',
      'pikaci.config.mjs',
      `import { defineConfig } from '@pikaci/config';\nexport default defineConfig(${literal});`,
    ],
    [
      'defineConfig of pikaci',
      'pikaci.config.mts',
      `import { defineConfig } from 'pikaci';\nexport default defineConfig(${literal});`,
    ],
    [
      'typed code',
      'pikaci.config.ts',
      `interface Config { schemaVersion: 1; jobs: object }\nexport default ${literal} as const satisfies Config;`,
    ],
  ])('may be written as %s', async (_title, name, text) => {
    const directory = await directoryWith({ [name]: text });
    expect(await loadConfig({ cwd: directory, file: name })).toEqual({
      ok: true,
      value: {
        config: minimal,
        file: join(directory, name),
        workspaceRoot: directory,
        originOf: expect.any(Function) as unknown,
        warnings: [],
      },
    });
  });

  it('may import other files of the workspace, in TypeScript too', async () => {
    const directory = await directoryWith({
      'pikaci.config.ts': `import { run } from './tools/commands.js';\nexport default { schemaVersion: 1, jobs: { test: { run } } };`,
      'tools/commands.ts': `export const run: string = 'npm test';`,
    });
    expect(await loadConfig({ cwd: directory })).toMatchObject({ value: { config: minimal } });
  });

  it('may be imported by a file that it imports, and know where it is', async () => {
    const directory = await directoryWith({
      'pikaci.config.ts': `import { test } from './jobs';\nexport const run = import.meta.dirname;\nexport default { schemaVersion: 1, jobs: { test: test() } };`,
      'jobs.ts': `import { run } from './pikaci.config';\nexport const test = () => ({ run });`,
    });
    expect(await loadConfig({ cwd: directory })).toMatchObject({
      value: { config: { jobs: { test: { run: directory } } } },
    });
  });

  it('may use anchors and merge keys in YAML', async () => {
    const directory = await directoryWith({
      'pikaci.config.yaml': `
schemaVersion: 1
jobs:
  a: &a { run: npm test, needs: [] }
  b: { <<: *a, needs: [a] }
`,
    });
    const loaded = await loadConfig({ cwd: directory });
    expect(loaded).toMatchObject({
      value: { config: { jobs: { b: { run: 'npm test', needs: ['a'] } } } },
    });
  });

  it.each(['pikaci.config.ts', 'pikaci.config.mjs'])(
    'in %s is read anew each time',
    async (name) => {
      const directory = await directoryWith({ [name]: `export default ${literal};` });
      await loadConfig({ cwd: directory });
      const changed = literal.replace('npm test', 'npm run other');
      await writeFile(join(directory, name), `export default ${changed};`);
      expect(await loadConfig({ cwd: directory })).toMatchObject({
        value: { config: { jobs: { test: { run: 'npm run other' } } } },
      });
    },
  );

  it('leaves nothing in the workspace when it is run', async () => {
    const files = {
      'pikaci.config.ts': `export default ${literal};`,
      'node_modules/a/index.js': '',
    };
    const directory = await directoryWith(files);
    await loadConfig({ cwd: directory });
    expect(await readdir(directory, { recursive: true })).toHaveLength(4);
  });

  it('is found from a directory below and makes its own directory the workspace', async () => {
    const directory = await directoryWith({
      'pikaci.config.ts': `export default ${literal};`,
      'a/b': '',
    });
    const loaded = await loadConfig({ cwd: join(directory, 'a') });
    expect(loaded).toMatchObject({ value: { workspaceRoot: directory } });
  });

  it('is warned of when a payload is needed by no job, at the payload', async () => {
    const directory = await directoryWith({
      'pikaci.config.yaml': `
schemaVersion: 1
payloads:
  base: { kind: directory, source: /a }
  used: { kind: command, run: make, dependsOn: [base] }
  spare: { kind: directory, source: /c }
jobs:
  test: { run: npm test, payloads: [used] }
`,
    });
    expect(await loadConfig({ cwd: directory })).toMatchObject({
      ok: true,
      value: {
        warnings: [
          { message: 'payload `spare` is needed by no job', location: { line: 6, column: 3 } },
        ],
      },
    });
  });
});

describe('a missing configuration', () => {
  it('is a failure that says how to have one written', async () => {
    const directory = await directoryWith({});
    const loaded = await loadConfig({ cwd: directory });
    expect(loaded).toMatchObject({
      ok: false,
      error: {
        kind: 'config',
        message: `There is no configuration file in ${directory} or in any directory above it`,
        location: { file: directory },
        hint: expect.stringContaining('npx pikaci init') as string,
      },
    });
  });

  it('is nothing where that is allowed', async () => {
    const directory = await directoryWith({});
    expect(await loadConfig({ cwd: directory, allowMissing: true })).toEqual({
      ok: true,
      value: null,
    });
  });

  it('is a failure all the same when it was named', async () => {
    const directory = await directoryWith({ 'pikaci.config.ts': `export default ${literal};` });
    const named = await loadConfig({ cwd: directory, file: 'ci.yaml', allowMissing: true });
    expect(named).toMatchObject({
      ok: false,
      error: {
        kind: 'config',
        message: `There is no configuration file ${join(directory, 'ci.yaml')}`,
        location: { file: join(directory, 'ci.yaml'), line: 1, column: 1 },
      },
    });
  });
});

it('refuses a file whose name tells no format', async () => {
  const directory = await directoryWith({ 'pikaci.toml': '' });
  expect(await loadConfig({ cwd: directory, file: 'pikaci.toml' })).toMatchObject({
    error: {
      kind: 'config',
      message: `${join(directory, 'pikaci.toml')} has no known format`,
      hint: 'Use a file that ends in one of .ts, .mts, .mjs, .js, .json, .yaml, .yml.',
    },
  });
});

it('refuses a directory in place of a file', async () => {
  const directory = await directoryWith({ 'ci.yaml/a': '' });
  expect(await loadConfig({ cwd: directory, file: 'ci.yaml' })).toMatchObject({
    error: {
      kind: 'config',
      message: `Cannot read the configuration file ${join(directory, 'ci.yaml')}`,
      reason: expect.stringContaining('EISDIR') as string,
    },
  });
});

describe('several mistakes', () => {
  it('are one failure: the first in the file is its message, the others follow with their places', async () => {
    const directory = await directoryWith({
      'pikaci.config.yaml': `
schemaVersion: 1
jobs:
  unit: { run: 3, payload: [] }
  e2e: { need: [unit], run: x }
`,
    });
    const file = join(directory, 'pikaci.config.yaml');
    expect(await loadConfig({ cwd: directory })).toMatchObject({
      error: {
        message: 'jobs.unit.run: expected a string or a list, got 3',
        location: { file, line: 4, column: 16 },
        reason: [
          '2 more problems:',
          `  ${file}:4:19: unknown key \`payload\` in jobs.unit, did you mean \`payloads\`?`,
          `  ${file}:5:10: unknown key \`need\` in jobs.e2e, did you mean \`needs\`?`,
        ].join('\n'),
      },
    });
  });

  it('are listed up to ten, and the rest is counted', async () => {
    const jobs = Array.from({ length: 25 }, (_, index) => `  j${index}: { run: '' }`).join('\n');
    const directory = await directoryWith({
      'pikaci.config.yaml': `schemaVersion: 1\njobs:\n${jobs}\n`,
    });
    const loaded = await loadConfig({ cwd: directory });
    const lines = loaded.ok ? [] : (loaded.error.reason ?? '').split('\n');
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe('24 more problems:');
    expect(lines.at(-1)).toBe('  and 15 not listed here');
  });
});
