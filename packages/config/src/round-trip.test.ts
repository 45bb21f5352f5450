import { pikaciConfigSchema, type PikaciConfigInput } from '@pikaci/model';
import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { directoryWith } from './config-files.test.helper.js';
import { loadConfig } from './load-config.js';
import { validConfig } from './valid-config.test.helper.js';

// The YAML writer, when it folds lines, may fold in the middle of a character; so it does not fold here.
const writers: readonly (readonly [string, (config: PikaciConfigInput) => string])[] = [
  ['a.json', (config) => JSON.stringify(config, null, '\t')],
  ['b.json', (config) => JSON.stringify(config)],
  ['c.yaml', (config) => stringify(config, { lineWidth: 0 })],
  ['d.yml', (config) => stringify(config, { collectionStyle: 'flow', lineWidth: 0 })],
  [
    'e.ts',
    (config) =>
      `import { defineConfig } from '@pikaci/config';\nexport default defineConfig(${JSON.stringify(config)});`,
  ],
  ['f.mjs', (config) => `export default () => (${JSON.stringify(config, null, 2)});`],
];

it('loads the same configuration from every format', { timeout: 30_000 }, async () => {
  const directory = await directoryWith({});
  await fc.assert(
    fc.asyncProperty(validConfig, async (config) => {
      for (const [name, write] of writers) {
        await writeFile(join(directory, name), write(config));
        const loaded = await loadConfig({ cwd: directory, file: name });
        expect(loaded).toMatchObject({ ok: true });
        expect(loaded.ok ? loaded.value.config : null).toEqual(pikaciConfigSchema.parse(config));
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
});
