import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../packages/config/src/index.js';

it('shows a first configuration of ten lines that loads without a warning', async () => {
  const readme = await readFile(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  const example = /```yaml\n([^`]*)```/.exec(readme)?.[1] ?? '';
  expect(example.trim().split('\n')).toHaveLength(10);
  const dir = await mkdtemp(join(tmpdir(), 'pikaci-readme-'));
  await writeFile(join(dir, 'pikaci.config.yaml'), example);
  expect(await loadConfig({ cwd: dir })).toMatchObject({
    ok: true,
    value: { config: { jobs: { unit: { payloads: ['node-modules'] } } }, warnings: [] },
  });
  await rm(dir, { recursive: true });
});
