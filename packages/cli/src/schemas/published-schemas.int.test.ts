import { configJsonSchema } from '@pikaci/config';
import { describe, expect, it } from 'vitest';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';
import { findSchema, publishedSchemas } from './published-schemas.js';

async function cli(...argv: string[]) {
  const io = capturedIo();
  const code = await runCli(argv, io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}
const nameOf = (...words: string[]) => {
  const found = findSchema(words);
  return found.ok ? found.value.name : found.error.hint;
};

describe('a schema', () => {
  it('is found by its name, and by the words of a command that prints it', () => {
    for (const { name } of publishedSchemas()) expect(nameOf(name)).toBe(name);
    expect(nameOf('status')).toBe('run');
    expect(nameOf('payload', 'list')).toBe('payload-list');
    expect(nameOf('logs')).toBe('logs-metadata');
    expect(nameOf('snapshot', 'hash')).toBe('snapshot-hash');
  });

  it('that there is none of is told of with the one that was probably meant', () => {
    expect(nameOf('evnt')).toBe('Did you mean event? See npx pikaci schema for all.');
    expect(nameOf('zzzz')).toBe('See npx pikaci schema for those that there are.');
    expect(nameOf('constructor')).toBe('See npx pikaci schema for those that there are.');
  });

  it('has an id with its name and version, a title and a description', () => {
    for (const { name, version, make } of publishedSchemas()) {
      const text = expect.stringMatching(/\S/u) as unknown;
      const $id = `urn:pikaci:schema:${name}:${version}`;
      expect(make()).toMatchObject({ $id, title: text, description: text });
    }
  });
});

describe('pikaci schema', () => {
  it('lists all, with their versions and where what they describe is found', async () => {
    const { code, stdout } = await cli('schema');
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(publishedSchemas().length);
    expect(stdout).toContain('\nplan              v1  runs/<run id>/plan.json, plan --json\n');
  });

  it('prints one, that of the configuration as config schema does', async () => {
    const { code, stdout } = await cli('schema', 'config');
    expect({ code, schema: JSON.parse(stdout) as unknown }).toEqual({
      code: 0,
      schema: configJsonSchema(),
    });
    expect((await cli('config', 'schema')).stdout).toBe(stdout);
    expect((await cli('schema', 'nope')).code).toBe(2);
  });
});
