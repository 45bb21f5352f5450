import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuestFiles } from './guest-files.js';

describe("a fake guest's files", () => {
  let directory: string;
  let files: GuestFiles;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'guest-files-'));
    files = new GuestFiles(join(directory, 'guest'));
    mkdirSync(join(directory, 'outer'));
    mkdirSync(join(directory, 'inner'));
    writeFileSync(join(directory, 'inner', 'file'), 'inner');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('shows a mount in place of what lies under it, the deepest first', () => {
    files.mount(join(directory, 'outer'), '/mnt/a');
    files.mount(join(directory, 'inner'), '/mnt/a/b');
    expect(files.hostPath('/mnt/a/x')).toBe(join(directory, 'outer', 'x'));
    expect(files.hostPath('/mnt/a/b/file')).toBe(join(directory, 'inner', 'file'));
    expect(files.hostPath('/mnt/ab')).toBe(join(directory, 'guest', 'mnt', 'ab'));
    expect(files.readText('/mnt/a/b/file')).toBe('inner');
    expect(files.entry('/mnt/a/b').isDirectory()).toBe(true);
  });

  it('leaves the sources alone when mounts are taken away', () => {
    files.mount(join(directory, 'inner'), '/mnt/b');
    files.unmountAll();
    expect(() => files.entry('/mnt/b')).toThrow('Not Found');
    expect(new GuestFiles(join(directory, 'inner')).readText('/file')).toBe('inner');
  });

  it('never leaves the guest by dots in a path', () => {
    expect(files.hostPath('/../../etc/passwd')).toBe(join(directory, 'guest', 'etc', 'passwd'));
  });
});
