import { createHash } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEntriesFile, writeEntriesFile } from './entries-file.js';
import { treeDigest } from './tree-digest.js';

let dir = '';
let root = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pikaci-digest-'));
  root = join(dir, 'tree');
  mkdirSync(join(root, 'a'), { recursive: true });
  writeFileSync(join(root, 'a/file'), 'content');
  writeFileSync(join(root, 'a-file'), '');
  symlinkSync('file', join(root, 'a/link'));
  for (const path of ['', 'a']) chmodSync(join(root, path), 0o755);
  for (const path of ['a/file', 'a-file']) chmodSync(join(root, path), 0o644);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const never = new AbortController().signal;

describe('the digest of a tree', () => {
  it('is the sha256 over one line for each entry, in the order of the bytes of the names', async () => {
    const lines = [
      'directory 755 - 0:',
      'directory 755 - 1:a',
      `file 644 ${sha256('content')} 6:a/file`,
      `link - ${sha256('file')} 6:a/link`,
      `file 644 ${sha256('')} 6:a-file`,
    ];
    const expected = `tree-v1:${sha256(lines.map((line) => `${line}\n`).join(''))}`;
    expect(await treeDigest(root)).toBe(expected);
  });

  const changes: readonly [string, () => void][] = [
    ['the content of a file', () => writeFileSync(join(root, 'a/file'), 'Content')],
    ['a new file', () => writeFileSync(join(root, 'b'), '')],
    ['a new directory', () => mkdirSync(join(root, 'b'))],
    ['a file less', () => rmSync(join(root, 'a-file'))],
    ['another name', () => renameSync(join(root, 'a-file'), join(root, 'a-File'))],
    ['the mode of a file', () => chmodSync(join(root, 'a/file'), 0o640)],
    ['the mode of the root', () => chmodSync(root, 0o700)],
    [
      'the target of a link',
      () => {
        rmSync(join(root, 'a/link'));
        symlinkSync('./file', join(root, 'a/link'));
      },
    ],
    [
      'a file in the place of a link',
      () => {
        rmSync(join(root, 'a/link'));
        writeFileSync(join(root, 'a/link'), 'file');
      },
    ],
  ];
  it.each(changes)('changes with %s', async (_, change) => {
    const before = await treeDigest(root);
    change();
    expect(await treeDigest(root)).not.toBe(before);
  });

  it('does not change with times, hard links and the place of the tree', async () => {
    const before = await treeDigest(root);
    utimesSync(join(root, 'a/file'), 1, 1);
    linkSync(join(root, 'a/file'), join(dir, 'other'));
    renameSync(root, join(dir, 'moved'));
    expect(await treeDigest(join(dir, 'moved'))).toBe(before);
  });

  it('reads files that are longer than a piece, and names that are no UTF-8', async () => {
    writeFileSync(join(root, 'large'), Buffer.alloc(300_000, 'ab'));
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff])]), 'x');
    const file = join(dir, 'entries.gz');
    await writeEntriesFile(root, file, never);
    const entries = await readEntriesFile(file);
    expect(entries.get('large')).toContain(sha256('ab'.repeat(150_000)));
    expect(entries.get('\u00ff')).toContain(sha256('x'));
  });

  it('ends in the middle when it is cancelled', async () => {
    const cancel = new AbortController();
    cancel.abort(new Error('enough'));
    const written = writeEntriesFile(root, join(dir, 'e'), cancel.signal);
    await expect(written).rejects.toThrow('enough');
  });

  it('fails when a file cannot be read, and leaves nothing running', async () => {
    await expect(treeDigest(join(root, 'nowhere'))).rejects.toThrow('ENOENT');
    const written = writeEntriesFile(join(root, 'nowhere'), join(dir, 'e'), never);
    await expect(written).rejects.toThrow('ENOENT');
  });
});

it('tells two trees of files apart exactly when they differ, and lists what is in them', async () => {
  const names = fc.constantFrom('a', 'b', 'ab', 'a b', '1:a', 'ä');
  const tree = fc.dictionary(names, fc.string({ maxLength: 3 }), { maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(tree, tree, async (one, two) => {
      const place = mkdtempSync(join(dir, 'p-'));
      const digests = [];
      for (const [name, files] of Object.entries({ one, two })) {
        const at = join(place, name);
        mkdirSync(at, { mode: 0o755 });
        for (const [file, text] of Object.entries(files)) writeFileSync(join(at, file), text);
        digests.push(await writeEntriesFile(at, join(place, `${name}.gz`), never));
        const paths = [...(await readEntriesFile(join(place, `${name}.gz`))).keys()];
        const wanted = ['', ...Object.keys(files)].map((path) =>
          Buffer.from(path).toString('latin1'),
        );
        expect(paths.sort()).toEqual(wanted.sort());
      }
      const sorted = (files: object) => JSON.stringify(Object.entries(files).sort());
      expect(digests[0] === digests[1]).toBe(sorted(one) === sorted(two));
    }),
    { numRuns: 50 },
  );
});
