import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyTree } from './copy-tree.js';

let root = '';
const at = (...steps: string[]): string => join(root, ...steps);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-copy-tree-'));
  mkdirSync(at('source'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const copy = (): ReturnType<typeof copyTree> => copyTree(at('source'), at('target'));

describe('copyTree', () => {
  it('copies files, directories and links, and counts them', async () => {
    mkdirSync(at('source/a/b'), { recursive: true });
    writeFileSync(at('source/a/b/file'), 'twelve bytes');
    symlinkSync('../nowhere/at/all', at('source/a/link'));
    expect(await copy()).toEqual({ ok: true, value: { fileCount: 2, sizeBytes: 12 } });
    expect(readFileSync(at('target/a/b/file'), 'utf8')).toBe('twelve bytes');
    expect(readlinkSync(at('target/a/link'))).toBe('../nowhere/at/all');
  });

  it('copies thousands of entries in one directory', async () => {
    for (let index = 0; index < 2000; index += 1) writeFileSync(at(`source/${index}`), 'x');
    expect(await copy()).toEqual({ ok: true, value: { fileCount: 2000, sizeBytes: 2000 } });
  });

  it('stops in the middle when it is cancelled', async () => {
    for (let index = 0; index < 2000; index += 1) writeFileSync(at(`source/${index}`), 'x');
    const controller = new AbortController();
    const copied = copyTree(at('source'), at('target'), controller.signal);
    const isBegun = () => existsSync(at('target')) && readdirSync(at('target')).length > 0;
    while (!isBegun()) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect(await copied).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(readdirSync(at('target')).length).toBeLessThan(1000);
  });

  it('keeps modes and times, but neither setuid nor setgid', async () => {
    writeFileSync(at('source/tool'), '');
    chmodSync(at('source/tool'), 0o6755);
    utimesSync(at('source/tool'), 1000, 2000);
    mkdirSync(at('source/locked'));
    writeFileSync(at('source/locked/file'), '');
    chmodSync(at('source/locked'), 0o555);
    expect(await copy()).toMatchObject({ ok: true });
    expect(statSync(at('target/tool')).mode & 0o7777).toBe(0o755);
    expect(statSync(at('target/tool')).mtimeMs).toBe(2_000_000);
    expect(statSync(at('target/locked')).mode & 0o7777).toBe(0o555);
    expect(existsSync(at('target/locked/file'))).toBe(true);
    for (const tree of ['source', 'target']) chmodSync(at(tree, 'locked'), 0o755);
  });

  it('gives the copy files of its own', async () => {
    writeFileSync(at('source/file'), 'original');
    await copy();
    writeFileSync(at('target/file'), 'changed');
    expect(readFileSync(at('source/file'), 'utf8')).toBe('original');
    expect(lstatSync(at('target/file')).ino).not.toBe(lstatSync(at('source/file')).ino);
  });

  it('copies a single file', async () => {
    writeFileSync(at('source/file'), 'one');
    expect(await copyTree(at('source/file'), at('target'))).toMatchObject({ ok: true });
    expect(readFileSync(at('target'), 'utf8')).toBe('one');
  });

  it.runIf(process.platform === 'linux')('copies names that are no UTF-8', async () => {
    const name = Buffer.from([0x66, 0xff, 0xfe]);
    writeFileSync(Buffer.concat([Buffer.from(at('source/')), name]), 'odd');
    expect(await copy()).toMatchObject({ ok: true });
    const target = Buffer.concat([Buffer.from(at('target/')), name]);
    expect(readFileSync(target, 'utf8')).toBe('odd');
  });

  it('refuses a socket, and says which', async () => {
    // A process that exits without closing its socket leaves it behind.
    const listen = `require('node:net').createServer().listen(process.argv[1], () => process.exit())`;
    execFileSync(process.execPath, ['-e', listen, at('source/socket')]);
    expect(await copy()).toMatchObject({
      ok: false,
      error: { kind: 'infrastructure', location: { file: at('source/socket') } },
    });
  });

  it('does not write into something that is there already', async () => {
    writeFileSync(at('source/file'), 'x');
    mkdirSync(at('target'));
    expect(await copy()).toMatchObject({ ok: false, error: { kind: 'infrastructure' } });
  });

  it('refuses to copy a tree into itself', async () => {
    const outcome = await copyTree(at('source'), at('source/inner'));
    expect(outcome.ok).toBe(false);
    expect(existsSync(at('source/inner'))).toBe(false);
  });
});
