import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { configJsonSchema } from './json-schema.js';

const file = fileURLToPath(new URL('../pikaci.schema.json', import.meta.url));

// `npx vitest run --project unit packages/config/src/json-schema.test.ts -u` writes the file anew.
it('is what lies beside the package', async () => {
  const style = await resolveConfig(file);
  const text = await format(JSON.stringify(configJsonSchema()), { ...style, parser: 'json' });
  await expect(text).toMatchFileSnapshot(file);
});

it('asks for the least that is of use and refuses keys that it does not know', () => {
  expect(configJsonSchema()).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    additionalProperties: false,
    required: ['schemaVersion', 'jobs'],
    properties: { jobs: { additionalProperties: { required: ['run'] } } },
  });
});
