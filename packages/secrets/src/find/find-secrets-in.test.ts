import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSecretsIn } from './find-secrets-in.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pikaci-find-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const secrets = [
  { name: 'TOKEN', value: 'hunter2-hunter2' },
  { name: 'PASSWORD', value: 'hunter2' },
  { name: 'OTHER', value: 'never written' },
];

function file(name: string, content: string | Buffer): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

describe('the search for secrets in files', () => {
  it('names each secret that a file holds, in whatever form, once', async () => {
    const clean = file('clean', 'hunter1 hunter');
    const both = file('both', 'hunter2-hunter2 hunter2-hunter2');
    const encoded = file('encoded', Buffer.from('x never written y').toString('base64'));
    expect(await findSecretsIn([clean, both, encoded], secrets)).toEqual([
      { path: both, secret: 'PASSWORD' },
      { path: both, secret: 'TOKEN' },
      { path: encoded, secret: 'OTHER' },
    ]);
  });

  it('finds one that lies across two reads, and at the end of a large file', async () => {
    const large = Buffer.alloc(3 * 1024 * 1024, '.');
    large.write('never written', 1024 * 1024 - 5);
    large.write('hunter2', large.length - 7);
    const path = file('large', large);
    expect(await findSecretsIn([path], secrets)).toEqual([
      { path, secret: 'OTHER' },
      { path, secret: 'PASSWORD' },
    ]);
  });

  it('passes over links, pipes, directories and what is gone', async () => {
    const link = join(root, 'link');
    symlinkSync(file('target', 'hunter2'), link);
    const pipe = join(root, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await findSecretsIn([link, pipe, root, join(root, 'gone')], secrets)).toEqual([]);
  });
});
