import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { outputs } from '@pikaci/model';
import { expect, it } from 'vitest';
import { isJsonSchema, outputNames, schemaProblems } from './schema-check.test.helper.js';
import { schemaKeys } from './schema-keys.test.helper.js';

const file = fileURLToPath(new URL('promised-keys.txt', import.meta.url));

/** Keys are promised when a version of pikaci is released with them: then this adds them to the file. */
const isRelease = process.env['PIKACI_PROMISE_KEYS'] === '1';

it('no key that was promised has gone, or has another type, while the version of its schema is the same', () => {
  const present = [
    ...outputNames.map((name) => `${name}: version ${outputs[name].version}`),
    ...new Set(outputNames.flatMap(schemaKeys)),
  ];
  if (isRelease) writeFileSync(file, `${present.join('\n')}\n`);
  const promised = readFileSync(file, 'utf8').trimEnd().split('\n');
  const now = new Set(present);
  expect(promised.length).toBeGreaterThan(500);
  // What may have been absent may always be there now.
  const isKept = (line: string) => now.has(line) || now.has(line.replace('?: ', ': '));
  expect(promised.filter((line) => !isKept(line))).toEqual([]);
});

it('schemas are valid, and take no key that they do not name when they are strict', () => {
  expect(outputNames.filter((name) => !isJsonSchema(name))).toEqual([]);
  const error = { kind: 'job', message: '', location: null, reason: null, hint: null };
  expect(schemaProblems('error', { schema_version: 1, error })).toEqual([]);
  expect(schemaProblems('error', { schema_version: 1, error, more: 1 })).toHaveLength(1);
  expect(schemaProblems('error', { schema_version: 2, error })).toHaveLength(1);
  expect(schemaProblems('error', { schema_version: 1, error: { ...error, more: 1 } })).toHaveLength(
    1,
  );
});
