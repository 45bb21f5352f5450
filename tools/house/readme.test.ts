import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../packages/config/src/index.js';

/** The first configuration in YAML that a README shows. */
async function exampleOf(...steps: string[]): Promise<string> {
  const readme = await readFile(join(import.meta.dirname, '..', '..', ...steps), 'utf8');
  return /```yaml\n([^`]*)```/.exec(readme)?.[1] ?? '';
}

async function loaded(config: string): ReturnType<typeof loadConfig> {
  const dir = await mkdtemp(join(tmpdir(), 'pikaci-readme-'));
  await writeFile(join(dir, 'pikaci.config.yaml'), config);
  const outcome = await loadConfig({ cwd: dir });
  await rm(dir, { recursive: true });
  return outcome;
}

it('shows a first configuration of ten lines that loads without a warning', async () => {
  const example = await exampleOf('README.md');
  expect(example.trim().split('\n')).toHaveLength(10);
  expect(await loaded(example)).toMatchObject({
    ok: true,
    value: { config: { jobs: { unit: { payloads: ['node-modules'] } } }, warnings: [] },
  });
});

it('shows a payload of each kind that a configuration may have', async () => {
  const payloads = (await exampleOf('packages', 'payloads', 'README.md')).replace(/^/gm, '  ');
  const ids = [...payloads.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, id]) => id);
  const jobs = `jobs:\n  all: { run: 'true', payloads: [${ids.join(', ')}] }\n`;
  expect(ids).toHaveLength(4);
  expect(await loaded(`schemaVersion: 1\npayloads:\n${payloads}\n${jobs}`)).toMatchObject({
    ok: true,
    value: { warnings: [] },
  });
});
