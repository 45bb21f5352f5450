import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planTree, treeShape } from './tree-plan.js';
import { writeTree } from './write-tree.js';

const dirs: string[] = [];
function written(entries: number): { dir: string; last: string } {
  const dir = mkdtempSync(join(tmpdir(), 'pikaci-bench-test-'));
  dirs.push(dir);
  return { dir, last: writeTree(dir, treeShape(entries)) };
}

/** Path, mode and content of everything in a directory. */
function contentOf(dir: string): string[] {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => {
    const stats = lstatSync(join(dir, name));
    const content = stats.isFile() ? readFileSync(join(dir, name), 'latin1') : '';
    return `${name} ${stats.mode.toString(8)} ${content}`;
  });
}

afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true });
});

describe('the tree of the benchmarks', () => {
  it('is planned with as many entries and bytes as were asked for', () => {
    const plan = planTree(treeShape(20_000));
    const bytes = plan.reduce((sum, one) => sum + (one.kind === 'file' ? one.bytes : 0), 0);
    expect(new Set(plan.map(({ path }) => path)).size).toBe(20_000);
    expect(bytes / 80_000_000).toBeCloseTo(1, 2);
  });

  it('has many small files, a few large ones, links and programs', () => {
    const plan = planTree(treeShape(20_000));
    const files = plan.filter((one) => one.kind === 'file');
    expect(files.filter(({ bytes }) => bytes < 2000).length).toBeGreaterThan(files.length / 2);
    expect(files.some(({ bytes }) => bytes > 100_000)).toBe(true);
    expect(files.filter(({ executable }) => executable).length).toBeGreaterThan(100);
    expect(files.length).toBeLessThan(plan.length - 100);
  });

  it('is the same each time it is written, and another one for another size', () => {
    const [one, other] = [written(300), written(300)];
    expect(contentOf(one.dir)).toEqual(contentOf(other.dir));
    expect(lstatSync(join(one.dir, one.last)).isFile()).toBe(true);
    expect(contentOf(written(400).dir).slice(0, 5)).not.toEqual(contentOf(one.dir).slice(0, 5));
  });

  it('has links that lead to what they name', () => {
    const paths = new Set(planTree(treeShape(2000)).map(({ path }) => path));
    for (const entry of planTree(treeShape(2000))) {
      if (entry.kind === 'link') expect(paths).toContain(join(entry.path, '..', entry.target));
    }
  });
});
