import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { outputJsonSchema, runEventCodec, type RunEvent } from '@pikaci/model';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { earlierEventKeys, earlierJobKeys } from './earlier-events.test.helper.js';
import { eventKinds, exampleLine } from './event-examples.test.helper.js';
import { eventSections, kindSchemas } from './events-page.test.helper.js';

const file = fileURLToPath(new URL('../../EVENTS.md', import.meta.url));
const begin = '<!-- The kinds, from here on, are written by events-page.test.ts. -->\n';

// `npx vitest run --project unit packages/report/src/json/events-page.test.ts -u` writes the page's part anew.
it('the page on events has each kind, with its keys and a line of it', async () => {
  const style = await resolveConfig(file);
  const [head = ''] = readFileSync(file, 'utf8').split(begin);
  const text = await format(`${head}${begin}\n${eventSections()}`, {
    ...style,
    parser: 'markdown',
  });
  await expect(text).toMatchFileSnapshot(file);
});

it('every kind has a schema, which says when it comes and what its keys are', () => {
  const schemas = kindSchemas();
  expect([...schemas.keys()].sort()).toEqual([...eventKinds].sort());
  for (const [kind, { description, properties }] of schemas) {
    expect({ kind, hasEnd: description.endsWith('.') }).toEqual({ kind, hasEnd: true });
    for (const [key, value] of Object.entries(properties)) {
      const isRecord = key === 'event' || '$ref' in value;
      expect({ kind, key, isTold: isRecord || value.description !== undefined }).toEqual({
        kind,
        key,
        isTold: true,
      });
    }
  }
});

it.each(Object.entries(earlierEventKeys))(
  'a line of %s has the keys of the earlier format, and is read without any other',
  (kind, keys) => {
    const line = JSON.parse(exampleLine(kind as RunEvent['event'])) as Record<string, unknown>;
    expect(Object.keys(line).slice(0, keys.length)).toEqual(keys);
    expect(Object.keys(line).slice(keys.length).sort()).toEqual([
      'schema_version',
      'sequence',
      'time',
    ]);
    const job = line['job'] as Record<string, unknown> | undefined;
    const present = job === undefined ? earlierJobKeys : Object.keys(job);
    expect(earlierJobKeys.filter((key) => !present.includes(key))).toEqual([]);
    expect(runEventCodec.decode(line, 'events.jsonl').ok).toBe(true);
  },
);

it('lines have the version of their schema, and are read without it', () => {
  for (const kind of eventKinds) {
    const line = JSON.parse(exampleLine(kind)) as Record<string, unknown>;
    expect(line['schema_version']).toBe(1);
    const read = runEventCodec.decode(line, 'events.jsonl');
    expect(read.ok && Object.hasOwn(read.value, 'schemaVersion')).toBe(false);
    delete line['schema_version'];
    expect(runEventCodec.decode(line, 'events.jsonl')).toEqual(read);
  }
  expect(outputJsonSchema('event')['$id']).toBe('urn:pikaci:schema:event:1');
});
