import type { ShownSnapshot } from '@pikaci/model';
import { expect, it } from 'vitest';
import { formatSize } from '../text/size.js';
import { formatSnapshot, formatSnapshotChanges } from './snapshot-view.js';

const snapshot: ShownSnapshot = {
  hash: '5af0',
  hashVersion: 'git-tree-v2',
  sourceRoot: '/workspace',
  gitHead: 'abcd',
  gitDirty: true,
  createdAt: '2026-03-07T00:00:01.000+00:00',
  dir: '/state/cache/snapshots/5af0/snapshot',
  fileCount: 2,
  linkCount: 1,
  sizeBytes: 1536,
  runs: ['b', 'a'],
};

it('shows of a snapshot what it is, where it lies and who used it', () => {
  expect(formatSnapshot(snapshot)).toBe(`snapshot 5af0
  made by   git-tree-v2
  source    /workspace
  git head  abcd and changes
  created   2026-03-07T00:00:01.000+00:00
  files     2 and 1 links, 1.5 KiB
  lies in   /state/cache/snapshots/5af0/snapshot
  runs      b
            a`);
});

it('says of a snapshot that it is not from git, and that no run used it', () => {
  const text = formatSnapshot({
    ...snapshot,
    gitHead: null,
    gitDirty: null,
    linkCount: 0,
    runs: [],
  });
  expect(text).toContain('  git head  not under git\n');
  expect(text).toContain('  files     2, 1.5 KiB\n');
  expect(text).toContain('  runs      none');
});

it('shows a line for each changed path, with modes where those differ, and counts', () => {
  const text = formatSnapshotChanges([
    { path: 'a', change: 'added', modeBefore: null, modeAfter: '100644' },
    { path: '::error::b', change: 'modified', modeBefore: '100644', modeAfter: '100644' },
    { path: '"c\\n"', change: 'mode', modeBefore: '100644', modeAfter: '100755' },
  ]);
  expect(text).toBe(`added     a
modified  \\::error::b
mode      "c\\n"  100644 → 100755
3 paths differ: 1 added, 1 modified, 1 with another mode`);
  expect(formatSnapshotChanges([])).toBe('the snapshots are the same');
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [80_000_000, '76.3 MiB'],
  [3 * 1024 ** 5, '3072.0 TiB'],
])('writes %d bytes as %s', (bytes, text) => expect(formatSize(bytes)).toBe(text));
