import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** The arrows of the house: which layers a layer may import. Tests may import the testing layer besides. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  model: ['model'],
  logic: ['model', 'logic'],
  system: ['model'],
  adapter: ['model', 'logic', 'system'],
  engine: ['model', 'logic'],
  app: ['model', 'logic', 'system', 'adapter', 'engine'],
  testing: ['model'],
};

interface Graph {
  readonly nodes: Readonly<Record<string, { readonly data: { readonly tags: string[] } }>>;
  readonly dependencies: Readonly<Record<string, readonly { readonly target: string }[]>>;
}

let graph: Graph;

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'pikaci-graph-'));
  const file = join(dir, 'graph.json');
  await promisify(execFile)(join(root, 'node_modules/.bin/nx'), ['graph', `--file=${file}`], {
    cwd: root,
  });
  graph = (JSON.parse(await readFile(file, 'utf8')) as { graph: Graph }).graph;
  await rm(dir, { recursive: true });
});

const layerOf = (project: string) =>
  graph.nodes[project]?.data.tags.find((tag) => tag.startsWith('layer:'))?.slice('layer:'.length);

describe('the project graph', () => {
  it('has one project for each package folder, each with one layer', async () => {
    expect(Object.keys(graph.nodes).sort()).toEqual((await readdir(join(root, 'packages'))).sort());
    for (const project of Object.keys(graph.nodes)) {
      expect(Object.keys(arrows)).toContain(layerOf(project));
    }
  });

  it('has no arrow that the table of layers does not have', () => {
    const wrong = Object.entries(graph.dependencies).flatMap(([source, targets]) =>
      targets
        .filter(({ target }) => {
          const layer = layerOf(target) ?? 'none';
          return layer !== 'testing' && !arrows[layerOf(source) ?? '']?.includes(layer);
        })
        .map(({ target }) => `${source} -> ${target}`),
    );
    expect(wrong).toEqual([]);
    expect(Object.values(graph.dependencies).flat().length).toBeGreaterThan(30);
  });

  it('has all Nx packages at one version', async () => {
    const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const versions = Object.entries(devDependencies)
      .filter(([name]) => name === 'nx' || name.startsWith('@nx/'))
      .map(([, version]) => version);
    expect(versions.length).toBeGreaterThan(1);
    expect(new Set(versions).size).toBe(1);
  });
});

describe('lint', () => {
  /** The rules that complain when the line stands at the top of the file. */
  async function complaints(file: string, line: string): Promise<string[]> {
    const path = join(root, file);
    const text = `${line}\n${await readFile(path, 'utf8')}`;
    const [result] = await new ESLint({ cwd: root }).lintText(text, { filePath: path });
    return (result?.messages ?? []).flatMap(({ ruleId, severity, line: at }) =>
      severity === 2 && at === 1 && ruleId !== null ? [ruleId] : [],
    );
  }

  it.each([
    ['packages/model/src/result.ts', "export * from '@pikaci/paths';"],
    ['packages/planner/src/node-ids.ts', "export * from '@pikaci/host';"],
    ['packages/engine/src/verdict.ts', "export * from '@pikaci/store';"],
    ['packages/incus/src/guest-files.ts', "export * from '@pikaci/payloads';"],
    ['packages/incus/src/guest-files.ts', "export * from '@pikaci/testkit';"],
    ['packages/host/src/index.ts', "export * from '@pikaci/engine';"],
  ])('fails in %s on %s', async (file, line) => {
    expect(await complaints(file, line)).toContain('@nx/enforce-module-boundaries');
  });

  it.each([
    ['packages/model/src/result.ts', "export { readFile } from 'node:fs/promises';"],
    ['packages/paths/src/containment.ts', "export { spawn } from 'node:child_process';"],
    ['packages/planner/src/node-ids.ts', "export { execa } from 'execa';"],
    ['packages/planner/src/node-ids.ts', "export { WebSocket } from 'ws';"],
  ])('keeps the pure package of %s from %s', async (file, line) => {
    expect(await complaints(file, line)).toContain('no-restricted-imports');
  });

  it('accepts an arrow that the house has', async () => {
    const line = "export { ok as okay } from '@pikaci/model';";
    expect(await complaints('packages/incus/src/guest-files.ts', line)).toEqual([]);
  });
});
