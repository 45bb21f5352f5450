import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentFileOwner, ownTree } from './own-tree.js';

let root = '';
const at = (...steps: string[]): string => join(root, ...steps);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-own-tree-'));
  mkdirSync(at('tree/d'), { recursive: true });
  writeFileSync(at('tree/d/f'), '');
  symlinkSync('/', at('tree/link'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const owner = currentFileOwner() ?? { uid: 0, gid: 0 };

describe('ownTree', () => {
  it('makes directories readable for their owner, and follows no links', async () => {
    chmodSync(at('tree/d'), 0o055);
    expect(await ownTree(at('tree'), owner)).toEqual({ ok: true, value: undefined });
    expect(lstatSync(at('tree/d')).mode & 0o777).toBe(0o755);
  });

  it('names a file of somebody else that it cannot take', async () => {
    const other = { uid: owner.uid + 1, gid: owner.gid };
    expect(await ownTree(at('tree'), other)).toMatchObject({
      ok: false,
      error: { kind: 'infrastructure', location: { file: at('tree') } },
    });
  });

  it('says that there is no such tree', async () => {
    expect(await ownTree(at('none'), owner)).toMatchObject({
      ok: false,
      error: { location: { file: at('none') } },
    });
  });
});
