import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { directoryWith } from './config-files.test.helper.js';
import { configFileNames } from './config-format.js';
import { findConfigFile } from './find-config-file.js';
import { findWorkspaceRoot } from './find-workspace-root.js';

it.each(configFileNames)('finds %s in a directory above', async (name) => {
  const directory = await directoryWith({ [name]: '', 'packages/a/package.json': '' });
  const found = await findConfigFile(join(directory, 'packages', 'a'));
  expect(found).toEqual({ ok: true, value: join(directory, name) });
});

it('takes the nearest one', async () => {
  const directory = await directoryWith({ 'pikaci.config.ts': '', 'a/pikaci.config.yaml': '' });
  const found = await findConfigFile(join(directory, 'a'));
  expect(found).toEqual({ ok: true, value: join(directory, 'a', 'pikaci.config.yaml') });
});

it('does not take a directory for a file', async () => {
  const directory = await directoryWith({ 'pikaci.config.yaml': '' });
  await mkdir(join(directory, 'a', 'pikaci.config.ts'), { recursive: true });
  const found = await findConfigFile(join(directory, 'a'));
  expect(found).toEqual({ ok: true, value: join(directory, 'pikaci.config.yaml') });
});

it('finds none where there is none', async () => {
  expect(await findConfigFile(await directoryWith({}))).toEqual({ ok: true, value: null });
});

it('refuses to choose between two in one directory, and names both', async () => {
  const directory = await directoryWith({ 'pikaci.config.ts': '', 'pikaci.config.yml': '' });
  const found = await findConfigFile(directory);
  expect(found).toMatchObject({
    ok: false,
    error: {
      kind: 'config',
      message: `There are several configuration files in ${directory}: pikaci.config.ts and pikaci.config.yml`,
      location: { file: join(directory, 'pikaci.config.ts'), line: 1, column: 1 },
      hint: 'Keep one of them, or name one with --config.',
    },
  });
});

it('takes the directory of the configuration for the workspace, even with two of them', async () => {
  const one = await directoryWith({ 'pikaci.config.ts': '', 'a/.git/HEAD': '' });
  expect(await findWorkspaceRoot(join(one, 'a'))).toBe(one);
  const two = await directoryWith({ 'pikaci.config.ts': '', 'pikaci.config.yml': '', 'a/b': '' });
  expect(await findWorkspaceRoot(join(two, 'a'))).toBe(two);
});

it('takes the top of the checkout for the workspace when there is no configuration', async () => {
  const directory = await directoryWith({ '.git/HEAD': '', 'a/b/c': '' });
  expect(await findWorkspaceRoot(join(directory, 'a', 'b'))).toBe(directory);
});

it('takes the directory itself for the workspace when there is no checkout either', async () => {
  const directory = await directoryWith({ 'a/b': '' });
  expect(await findWorkspaceRoot(join(directory, 'a'))).toBe(join(directory, 'a'));
});
