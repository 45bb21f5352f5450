import { describe, expect, it } from 'vitest';
import { checked, payloadWith } from './checked.test.helper.js';
import { checkPayloadDependencies } from './payload-dependencies.js';
import { checkPayloadEntrypoints } from './payload-entrypoints.js';
import { checkPayloadSources } from './payload-sources.js';

const sha256 = 'a'.repeat(64);
const archive = (source: string) => ({ kind: 'archive' as const, source, sha256 });
const directory = (source: string) => ({ kind: 'directory' as const, source });

describe('the source of a payload', () => {
  it('is a path, or the URL of a file', () => {
    const payloads = {
      a: archive('vendor/x.tar.gz'),
      b: archive('file:///abs/x.tar.zst'),
      c: archive('/abs/with:colon'),
      d: archive('c:with-colon'),
      e: directory('/opt/node'),
      f: { kind: 'nix' as const, installable: '.#deps' },
    };
    expect(checked(checkPayloadSources, { payloads })).toEqual([]);
  });

  it('is nothing on the network, and the message says what to do instead', () => {
    const payloads = { a: archive('https://x/y.tar.gz'), b: archive('HTTP://x/y') };
    expect(checked(checkPayloadSources, { payloads })).toEqual([
      'payloads.a.source: payloads.a.source: "https://x/y.tar.gz" is on the network, and pikaci fetches nothing by itself',
      'payloads.b.source: payloads.b.source: "HTTP://x/y" is on the network, and pikaci fetches nothing by itself',
    ]);
    const config = { payloads: { a: { ...archive('https://x/y'), dependsOn: [] } } };
    const [issue] = checkPayloadSources(config as never);
    expect(issue?.hint).toContain('Download it in a payload of kind `command`');
  });

  it('is a file of this machine, and for a directory a path', () => {
    const payloads = {
      a: archive('file://host/x'),
      b: archive('file:x'),
      c: directory('file:///opt/node'),
      d: { kind: 'nix' as const, installable: '../other#x' },
    };
    expect(checked(checkPayloadSources, { payloads })).toEqual([
      'payloads.a.source: payloads.a.source: "file://host/x" is no URL of a file: those begin with file:///',
      'payloads.b.source: payloads.b.source: "file:x" is no URL of a file: those begin with file:///',
      'payloads.c.source: payloads.c.source: "file:///opt/node" is a URL, and the source of a directory is a path',
      'payloads.d.installable: payloads.d.installable: "../other#x" leads out of the workspace with ".."',
    ]);
  });
});

it('lets only payloads of commands depend on others', () => {
  const dependsOn = ['base'];
  const payloads = {
    base: directory('/a'),
    a: { kind: 'command' as const, run: 'x', dependsOn },
    b: { ...directory('/a'), dependsOn },
    c: { ...archive('x'), dependsOn },
    d: { kind: 'nix' as const, installable: '.#x', dependsOn },
  };
  expect(checked(checkPayloadDependencies, { payloads })).toEqual([
    'payloads.b.dependsOn: payload `b` is of kind `directory`, which is made of no other payloads',
    'payloads.c.dependsOn: payload `c` is of kind `archive`, which is made of no other payloads',
    'payloads.d.dependsOn: payload `d` is of kind `nix`, which is made of no other payloads',
  ]);
});

describe('the entry points of a payload', () => {
  const mounts = [
    { name: 'bin', path: 'bin', guestPath: '/bin2' },
    { name: 'lib', path: 'lib/x', guestPath: '/lib2' },
  ];
  const declared = (entrypoints: { name: string; path: string }[]) =>
    checked(checkPayloadEntrypoints, { payloads: { a: { ...payloadWith(mounts), entrypoints } } });

  it('lie in a mount', () => {
    const paths = ['bin/say', 'lib/x', 'lib/x/deep/y'];
    expect(declared(paths.map((path, index) => ({ name: `e${index}`, path })))).toEqual([]);
    expect(
      declared([
        { name: 'a', path: 'lib/y' },
        { name: 'b', path: 'binary' },
        { name: 'c', path: '../x' },
      ]),
    ).toEqual([
      'payloads.a.entrypoints[0].path: payloads.a.entrypoints[0].path: "lib/y" lies in none of the mounts',
      'payloads.a.entrypoints[1].path: payloads.a.entrypoints[1].path: "binary" lies in none of the mounts',
      'payloads.a.entrypoints[2].path: payloads.a.entrypoints[2].path: "../x" leads out with ".."',
    ]);
  });

  it('have names of their own', () => {
    const twice = [
      { name: 'a', path: 'bin/a' },
      { name: 'a', path: 'bin/b' },
    ];
    expect(declared(twice)).toEqual([
      'payloads.a.entrypoints[1].name: payload `a` has two entrypoints of the name `a`',
    ]);
  });

  it('come with mounts, or from the build', () => {
    const payloads = {
      a: { kind: 'directory' as const, source: '/a', entrypoints: [{ name: 'a', path: 'a' }] },
    };
    expect(checked(checkPayloadEntrypoints, { payloads })).toEqual([
      'payloads.a.entrypoints: payload `a` declares entrypoints and no mounts',
    ]);
  });
});
