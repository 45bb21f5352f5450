import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  sweepTemporaryFiles,
  temporaryPath,
  writeFileAtomically,
} from './write-file-atomically.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-write-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('writeFileAtomically', () => {
  it('creates and replaces a file, and leaves no other one', async () => {
    const file = join(root, 'record.json');
    await writeFileAtomically(file, 'old');
    expect(await writeFileAtomically(file, Buffer.from([0xff, 0x00]))).toMatchObject({ ok: true });
    expect([...readFileSync(file)]).toEqual([0xff, 0x00]);
    expect(readdirSync(root)).toEqual(['record.json']);
  });

  it('never shows a part of a file to a reader', async () => {
    const file = join(root, 'record');
    const versions = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(200_000));
    await writeFileAtomically(file, versions[0]!);
    const writing = Promise.all(versions.map((text) => writeFileAtomically(file, text)));
    const soon = async (): Promise<boolean> => {
      await new Promise((resolve) => setImmediate(resolve));
      return false;
    };
    const written = writing.then(() => true);
    while (!(await Promise.race([written, soon()]))) {
      expect(versions).toContain(readFileSync(file, 'utf8'));
    }
  });

  it('leaves the old file and no other one when it fails', async () => {
    mkdirSync(join(root, 'directory/in'), { recursive: true });
    expect(await writeFileAtomically(join(root, 'directory'), 'x')).toMatchObject({
      ok: false,
      error: { kind: 'infrastructure', location: { file: join(root, 'directory') } },
    });
    expect(readdirSync(root)).toEqual(['directory']);
    expect(await writeFileAtomically(join(root, 'missing/file'), 'x')).toMatchObject({ ok: false });
  });
});

describe('sweepTemporaryFiles', () => {
  it('removes those of processes that are gone, and nothing else', async () => {
    const living = temporaryPath(join(root, 'record'));
    const dead = living.replace(`.${process.pid}-`, '.999999999-');
    for (const path of [living, dead, join(root, 'record'), join(root, '.mine.tmp')]) {
      writeFileSync(path, '');
    }
    await sweepTemporaryFiles(root);
    expect(readdirSync(root).map((name) => join(root, name))).toEqual(
      [join(root, '.mine.tmp'), living, join(root, 'record')].sort(),
    );
    await sweepTemporaryFiles(join(root, 'missing'));
  });
});
