import { createPayloadRig, listTree, prepared, type PayloadRig } from '@pikaci/testkit';
import type { Failure, Outcome, PreparedPayload, PreparePayloadRequest } from '@pikaci/model';
import { payloadsDirectory } from '@pikaci/paths';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { paxEntry, tarBytes, type RawEntry } from '../archive/tar-bytes.test.helper.js';
import { createPayloadStore } from '../index.js';

let rig: PayloadRig;
beforeEach(() => {
  rig = createPayloadRig();
});
afterEach(() => rig.remove());

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** Puts an archive beside the snapshot and asks for it. */
const prepare = (
  bytes: Uint8Array,
  more: object = {},
  overrides: Partial<PreparePayloadRequest> = {},
): Promise<Outcome<PreparedPayload>> => {
  writeFileSync(join(rig.dir, 'x'), bytes);
  return ask({ sha256: sha256Of(bytes), ...more }, overrides);
};
const ask = (payload: object, overrides: Partial<PreparePayloadRequest> = {}) => {
  const store = createPayloadStore({ stateRoot: rig.stateRoot });
  return store.prepare(
    rig.request({ kind: 'archive', source: 'x', mounts: [], ...payload }, overrides),
  );
};
/** The failure of an archive, of which nothing has come into the store beside what was there. */
const failed = (outcome: Outcome<PreparedPayload>, ...kept: string[]): Failure => {
  if (outcome.ok) throw new Error('the payload was prepared');
  const stored = readdirSync(payloadsDirectory(rig.stateRoot));
  expect(stored.filter((name) => !kept.includes(name))).toEqual([]);
  return outcome.error;
};
const unpacked = async (...entries: RawEntry[]) =>
  prepared(await prepare(tarBytes(entries))).storePath;
const file = (name: string, content = 'x') => ({ name, content });

describe('a payload of an archive', () => {
  const entries = [
    { name: './', flag: '5' },
    { name: 'dir/', flag: '5', mode: 0o700 },
    { ...file('dir/run', 'echo'), mode: 0o755 },
    file('deep/er/file'),
    { name: 'link', flag: '2', target: '/etc/passwd' },
    { name: 'hard', flag: '1', target: './dir/run' },
  ];

  it('is what the archive holds, plain or compressed, whatever its name', async () => {
    const tar = tarBytes(entries);
    const plain = prepared(await prepare(tar));
    expect(readdirSync(plain.storePath).sort()).toEqual(['deep', 'dir', 'hard', 'link']);
    expect(readFileSync(join(plain.storePath, 'deep/er/file'), 'utf8')).toBe('x');
    expect(statSync(join(plain.storePath, 'dir/run')).mode & 0o777).toBe(0o755);
    expect(statSync(join(plain.storePath, 'dir/run')).mtimeMs).toBe(1000);
    expect(statSync(join(plain.storePath, 'hard')).nlink).toBe(2);
    expect(readlinkSync(join(plain.storePath, 'link'))).toBe('/etc/passwd');
    const zipped = prepared(await prepare(gzipSync(tar)));
    expect(listTree(zipped.storePath)).toEqual(listTree(plain.storePath));
    expect(plain.manifest.kind).toBe('archive_payload_v1');
  });

  it('is found by its digest, and the file is not looked at', async () => {
    const bytes = tarBytes(entries);
    const first = prepared(await prepare(bytes));
    rmSync(join(rig.dir, 'x'));
    const sha256 = sha256Of(bytes);
    expect(prepared(await ask({ sha256, source: 'elsewhere' }))).toEqual({
      ...first,
      reused: true,
    });
    const other = await ask({ sha256, stripComponents: 1 });
    expect(other).toMatchObject({ ok: false, error: { reason: 'there is no such file' } });
  });

  it('may be named by a URL or by an absolute path', async () => {
    const bytes = tarBytes([file('a')]);
    const path = join(rig.dir, 'a b%20c');
    writeFileSync(path, bytes);
    const sha256 = sha256Of(bytes);
    for (const source of [pathToFileURL(path).href, path]) {
      const { storePath } = prepared(await ask({ sha256, source }));
      rmSync(dirname(storePath), { recursive: true });
    }
    const remote = failed(await ask({ sha256: '0'.repeat(64), source: 'file://host/x' }));
    expect(remote.message).toContain('no URL of a file: file://host/x');
  });

  it('is refused when the digest is another, with both of them', async () => {
    const bytes = tarBytes([{ name: '/etc/x', flag: '6' }]);
    const { message, reason } = failed(await prepare(bytes, { sha256: 'a'.repeat(64) }));
    expect(message).toContain('is not the declared one');
    expect(reason).toBe(`its sha256 is ${sha256Of(bytes)}, and ${'a'.repeat(64)} is expected`);
  });

  it('is refused when there is no file', async () => {
    const sha256 = 'a'.repeat(64);
    expect(failed(await ask({ sha256, source: 'no' })).reason).toBe('there is no such file');
    expect(failed(await ask({ sha256, source: '.' })).reason).toBe('it is no file');
  });

  it('loses the directories that are stripped, and says which files were above', async () => {
    const bytes = tarBytes([
      { name: 'top/', flag: '5' },
      file('top/a'),
      file('readme'),
      { name: 'top/b', flag: '1', target: 'top/a' },
      { name: 'top/c', flag: '2', target: 'top/a' },
    ]);
    const { storePath, contentKey } = prepared(await prepare(bytes, { stripComponents: 1 }));
    expect(readdirSync(storePath).sort()).toEqual(['a', 'b', 'c']);
    expect(readlinkSync(join(storePath, 'c'))).toBe('top/a');
    expect(rig.log()).toContain('1 files of the archive lie above');
    const { reason, hint } = failed(await prepare(bytes, { stripComponents: 2 }), contentKey);
    expect(reason).toContain('nothing is left of it');
    expect(hint).toContain('Lower stripComponents');
  });

  it('is cancelled by its signal', async () => {
    const big = tarBytes([file('a', 'x'.repeat(4_000_000))]);
    const cancel = new AbortController();
    const onLog = () => cancel.abort();
    const cancelled = await prepare(big, {}, { signal: cancel.signal, onLog });
    expect(failed(cancelled).kind).toBe('cancelled');
  });
});

describe('an entry of an archive', () => {
  const long = (length: number) => `${'d'.repeat(120)}/`.repeat(40).slice(0, length);
  const cases: readonly [string, RawEntry[], string][] = [
    ['has an absolute name', [file('/etc/x')], '"/etc/x" has an absolute name'],
    ['leads out', [file('a/../../x')], '"a/../../x" leads out of the archive with ".."'],
    ['has an empty name', [file('')], 'has an empty name'],
    [
      'is a file in the place of the root',
      [file('./')].map((e) => ({ ...e, name: '.' })),
      'has no name',
    ],
    [
      'is written through a link',
      [{ name: 'l', flag: '2', target: '/tmp' }, file('l/x')],
      '"l/x" lies below "l", which is a link',
    ],
    [
      'is written through a link to a directory of the archive',
      [{ name: 'd/', flag: '5' }, { name: 'l', flag: '2', target: 'd' }, file('l/deep/x')],
      '"l/deep/x" lies below "l", which is a link',
    ],
    [
      'is written over a link',
      [{ name: 'l', flag: '2', target: '/tmp/x' }, file('l')],
      '"l" is in the archive twice',
    ],
    ['lies below a file', [file('f'), file('f/x')], '"f/x" lies below "f", which is a file'],
    ['is there twice', [file('a'), file('./a')], '"./a" is in the archive twice'],
    ['replaces a directory', [file('a/b'), file('a')], '"a" is in the archive twice'],
    [
      'is a hard link to the outside',
      [{ name: 'h', flag: '1', target: '/etc/passwd' }],
      '"h" is a hard link to "/etc/passwd", which has an absolute name',
    ],
    [
      'is a hard link that leads out',
      [{ name: 'h', flag: '1', target: '../x' }],
      '"h" is a hard link to "../x", which leads out',
    ],
    [
      'is a hard link to a link',
      [
        { name: 'l', flag: '2', target: '/etc/passwd' },
        { name: 'h', flag: '1', target: 'l' },
      ],
      '"h" is a hard link to "l", which is no file that the archive has before it',
    ],
    [
      'is a hard link through a link',
      [file('d/f'), { name: 'l', flag: '2', target: 'd' }, { name: 'h', flag: '1', target: 'l/f' }],
      '"h" is a hard link to "l/f", which is no file',
    ],
    ['is a device', [{ name: 'c', flag: '3' }], '"c" is a device'],
    ['is a block device', [{ name: 'b', flag: '4' }], '"b" is a device'],
    ['is a named pipe', [{ name: 'p', flag: '6' }], '"p" is a named pipe'],
    ['is sparse', [{ name: 's', flag: 'S' }], '"s" is of a type that is not known'],
    [
      'is sparse by its extended header',
      [paxEntry({ 'GNU.sparse.major': '1' }), file('s')],
      '"s" is of a type that is not known',
    ],
    ['has the setuid bit', [{ ...file('s'), mode: 0o4755 }], '"s" has the setuid or setgid bit'],
    ['has the setgid bit', [{ ...file('s'), mode: 0o2755 }], '"s" has the setuid or setgid bit'],
    ['is a link to nothing', [{ name: 'l', flag: '2' }], '"l" is a link to nothing'],
    [
      'has a name that is too long',
      [{ name: 'L', flag: 'L', content: `${'n'.repeat(256)}\0` }, file('n')],
      'has a name of more than 255 bytes',
    ],
    [
      'has a path that is too long',
      [paxEntry({ path: long(4200) }), file('n')],
      'would have a path of more than 4095 bytes',
    ],
    [
      'has a garbled name',
      [paxEntry({ path: 'a\xffb' }), file('n')],
      'has a name in an extended header that is no UTF-8',
    ],
  ];
  it.each(cases)('that %s is refused', async (_, entries, words) => {
    const { message, reason } = failed(await prepare(tarBytes(entries)));
    expect(message).toContain('cannot be unpacked');
    expect(reason).toContain(words);
    expect(existsSync('/tmp/x')).toBe(false);
  });

  it('may have a long name, by either kind of header, and one in any encoding', async () => {
    const path = `${'d'.repeat(200)}/${'é'.repeat(100)}`;
    const bytes = Buffer.from(path).toString('latin1');
    const store = await unpacked(
      paxEntry({ path: bytes }),
      file('short'),
      { name: 'L', flag: 'L', content: `gnu/${bytes}\0` },
      file('short'),
      paxEntry({ path: 'l', linkpath: bytes }),
      { name: 'l', flag: '2', target: 'short' },
      file('a\xffb'),
    );
    expect(existsSync(join(store, path))).toBe(true);
    expect(existsSync(join(store, 'gnu', path))).toBe(true);
    expect(readlinkSync(join(store, 'l'))).toBe(path);
    expect(readdirSync(store, { encoding: 'latin1' })).toContain('a\xffb');
    expect(readdirSync(store)).not.toContain('short');
  });

  it('may be a link to anywhere, and lie in a directory that comes after it', async () => {
    const store = await unpacked(
      { name: 'up', flag: '2', target: '../../..' },
      { name: 'loop', flag: '2', target: 'loop' },
      file('d/f'),
      { name: 'd/', flag: '5' },
    );
    expect(readlinkSync(join(store, 'up'))).toBe('../../..');
    expect(lstatSync(join(store, 'loop')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(store, 'd'))).toEqual(['f']);
  });
});

describe('a file that is no whole archive', () => {
  const tar = tarBytes([file('a', 'x'.repeat(5000)), file('b', 'y'.repeat(5000))]);
  const zipped = gzipSync(tar);
  it.each<[string, Uint8Array, string]>([
    ['a tar that is cut off in a file', tar.subarray(0, 3000), 'it ends too early'],
    ['a tar that is cut off in a header', tar.subarray(0, 512 + 5120 + 100), 'it ends too early'],
    ['gzip that is cut off', zipped.subarray(0, zipped.length - 20), 'it ends too early'],
    [
      'gzip that is damaged',
      Buffer.concat([zipped.subarray(0, 40), Buffer.alloc(60, 1)]),
      'damaged',
    ],
    ['no tar', Buffer.from('text'.repeat(400)), 'Invalid tar header'],
    ['gzip of no tar', gzipSync('text'.repeat(400)), 'Invalid tar header'],
    ['nothing', Buffer.alloc(0), 'nothing is left of it'],
    ['an empty tar', tarBytes([]), 'nothing is left of it'],
    ['xz', Buffer.from('fd377a585a000004', 'hex'), 'it is an xz file'],
    ['zip', Buffer.from('PK\x03\x04rest'), 'it is a zip file'],
    ['a header of more than it may have', hugeHeader(), 'Header exceeds max size'],
  ])('%s is refused', async (_, bytes, words) => {
    expect(failed(await prepare(bytes)).reason).toContain(words);
  });
});

/** A long name of 8 GB, which would be kept in memory. */
function hugeHeader(): Buffer {
  const bytes = tarBytes([{ name: 'L', flag: 'L' }]);
  bytes.write('77777777777', 124, 'latin1');
  bytes.write('        ', 148, 'latin1');
  const sum = bytes.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return bytes;
}
