import { isWithin } from '@pikaci/paths';
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveInside } from './resolve-inside.js';

let dir: string;
let root: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'pikaci-resolve-')));
  root = join(dir, 'root');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const names = ['a', 'b', 'c'];
const name = fc.constantFrom(...names);
const target = fc
  .array(fc.constantFrom(...names, '..', '.', '', 'root'), { minLength: 1, maxLength: 5 })
  // An absolute path is a case of its own, and a link to nothing cannot be made.
  .filter((steps) => steps[0] !== '')
  .map((steps) => steps.join('/'));
const entry = fc.oneof(
  { weight: 3, arbitrary: target.map((to) => ({ to })) },
  { weight: 1, arbitrary: fc.constant({ to: '/etc' }) },
  { weight: 2, arbitrary: fc.constant('file' as const) },
  { weight: 3, arbitrary: fc.constant('directory' as const) },
);
/** Entries at paths; what cannot be made because of an earlier one is left out. */
const tree = fc.array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), entry), {
  maxLength: 12,
});
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((steps) => steps.join('/'));

function make(entries: readonly [readonly string[], string | { readonly to: string }][]): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  for (const [steps, what] of entries) {
    const at = join(root, ...steps);
    // Through a link it would be made elsewhere.
    if (kernelPath(dirname(at)) !== dirname(at)) continue;
    try {
      if (what === 'file') writeFileSync(at, '', { flag: 'wx' });
      else if (typeof what === 'string') mkdirSync(at);
      else symlinkSync(what.to, at);
    } catch {
      continue;
    }
  }
}

function kernelPath(at: string): string | null {
  try {
    return realpathSync.native(at);
  } catch {
    return null;
  }
}

describe('resolveInside', () => {
  it('finds what the kernel finds, and never anything outside the root', async () => {
    await fc.assert(
      fc.asyncProperty(tree, path, async (entries, relativePath) => {
        make(entries);
        const found = await resolveInside(root, relativePath);
        const real = kernelPath(join(root, relativePath));
        if (found.kind === 'inside') expect(real).toBe(join(root, found.relativePath));
        if (found.kind === 'missing' || found.kind === 'loop') expect(real).toBeNull();
        if (real !== null && !isWithin(root, real)) expect(found.kind).toBe('outside');
      }),
      { numRuns: 500 },
    );
  }, 30_000);

  it('finds no file where a link asks for a directory', async () => {
    mkdirSync(root);
    writeFileSync(join(root, 'file'), '');
    for (const [index, to] of ['file/.', 'file/', './file//.'].entries()) {
      symlinkSync(to, join(root, `${index}`));
      expect(await resolveInside(root, `${index}`)).toEqual({ kind: 'missing' });
    }
  });

  it('tells a path that leaves the root although it comes back', async () => {
    mkdirSync(join(root, 'a'), { recursive: true });
    symlinkSync('../root/a', join(root, 'b'));
    expect(await resolveInside(root, 'b')).toEqual({
      kind: 'outside',
      link: 'b',
      target: '../root/a',
    });
  });
});
