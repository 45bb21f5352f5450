import {
  failure,
  type GarbageReport,
  type PayloadExplanation,
  type PayloadRecord,
  type StoredPayload,
} from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { formatExplanations } from './explanation-view.js';
import { formatGarbage } from './garbage-view.js';
import { formatPayloadList } from './payload-list-view.js';
import { formatVerifications } from './payload-verify-view.js';
import { formatPayload } from './payload-view.js';

const key = (letter: string) => letter.repeat(64);
const record: PayloadRecord = {
  schemaVersion: 1,
  payloadId: 'deps',
  kind: 'command',
  contentKey: key('a'),
  manifestSource: 'configuration',
  manifest: {
    schemaVersion: 1,
    kind: 'command_payload_v1',
    entrypoints: [{ name: 'tool', relativePath: 'bin/tool' }],
    assetRoots: [],
    mounts: [
      {
        name: 'bin',
        relativePath: 'bin',
        guestPath: '/opt/bin',
        workspacePath: null,
        readOnly: true,
        addToPath: [],
      },
    ],
  },
  digest: `tree-v1:${key('d')}`,
  externalPath: null,
  sizeBytes: 1536,
  fileCount: 3,
  builtBy: 'pikaci-payload-1',
  builtAt: '2026-06-01T10:00:00.000+00:00',
  buildMs: 192_000,
};
const stored: StoredPayload = {
  record,
  storePath: '/s/cache/payloads/a/output',
  lastUsedAt: '2026-06-02T11:00:00.123+00:00',
  users: [
    { pid: 7, onThisHost: true },
    { pid: 7, onThisHost: true },
  ],
};

describe('formatPayloadList', () => {
  it('shows payloads in aligned columns, and what is damaged', () => {
    const nix = { ...record, payloadId: 'nix', contentKey: key('b'), externalPath: '/nix/store/x' };
    const text = formatPayloadList({
      payloads: [stored, { record: nix, storePath: null, lastUsedAt: record.builtAt, users: [] }],
      damaged: [{ contentKey: key('c'), dir: '/x', reason: 'bad\u001b[2J', users: [] }],
    });
    expect(text)
      .toBe(`id    key           kind     size     files  built                    last used
deps  aaaaaaaaaaaa  command  1.5 KiB  3      2026-06-01 10:00:00 UTC  2026-06-02 11:00:00 UTC  in use by process 7
nix   bbbbbbbbbbbb  command  1.5 KiB  3      2026-06-01 10:00:00 UTC  2026-06-01 10:00:00 UTC  at /nix/store/x; gone

2 payloads, 1.5 KiB in the store

damaged  cccccccccccc  bad`);
    expect(formatPayloadList({ payloads: [], damaged: [] })).toBe('no payloads');
  });
});

describe('formatPayload', () => {
  it('shows everything, and the beginning of a long list of inputs', () => {
    const inputs = Array.from({ length: 30 }, (_, n) => ({
      name: `file ${n}`,
      value: 'x'.repeat(99),
    }));
    const text = formatPayload({ payload: stored, keyInputs: inputs, otherKeys: [key('e')] });
    expect(text.split('\n').slice(0, 18)).toEqual([
      'payload deps',
      `  key        ${key('a')}`,
      '  kind       command (manifest command_payload_v1)',
      '  manifest   of the configuration',
      '  at         /s/cache/payloads/a/output',
      '  size       1.5 KiB in 3 files',
      `  digest     tree-v1:${key('d')}`,
      '  built      2026-06-01 10:00:00 UTC in 3m 12s by pikaci-payload-1',
      '  last used  2026-06-02 11:00:00 UTC',
      '  in use     by process 7',
      '  others     eeeeeeeeeeee',
      '',
      'mounts',
      '  bin  bin  at /opt/bin  read-only',
      '',
      'entry points',
      '  tool  bin/tool',
      '',
    ]);
    expect(text).toContain(`  file 0   ${'x'.repeat(79)}…\n`);
    expect(text).toMatch(/ {2}… and 5 more \(--json has all\)$/u);
  });

  it('leaves out how long a build took that an earlier version did not record', () => {
    const payload = { ...stored, record: { ...record, buildMs: null } };
    const text = formatPayload({ payload, keyInputs: null, otherKeys: [] });
    expect(text).toContain('  built      2026-06-01 10:00:00 UTC by pikaci-payload-1\n');
  });
});

describe('formatVerifications', () => {
  it('names what differs, and says what became of it', () => {
    const sound = { contentKey: key('a'), payloadId: 'deps', removed: false, users: [] };
    const none = { differences: [], differenceCount: 0 };
    const text = formatVerifications([
      { ...sound, ...none, verdict: 'ok', reason: null },
      {
        contentKey: key('b'),
        payloadId: 'tools',
        verdict: 'damaged',
        reason: 'the digest is another',
        differences: [{ path: 'bin/x', what: 'mode changed' }],
        differenceCount: 3,
        removed: true,
        users: [],
      },
      {
        ...none,
        contentKey: key('c'),
        payloadId: null,
        verdict: 'damaged',
        reason: 'no record',
        removed: false,
        users: [{ pid: 9, onThisHost: false }],
      },
    ]);
    expect(text).toBe(`ok       aaaaaaaaaaaa  deps
damaged  bbbbbbbbbbbb  tools  the digest is another
         mode changed  bin/x
         … and 2 paths more
         removed: it is built again when it is needed
damaged  cccccccccccc         no record
         not removed: in use by process 9 on another machine`);
  });
});

describe('formatGarbage', () => {
  const decision = {
    contentKey: key('a'),
    payloadId: 'deps',
    sizeBytes: 2048,
    lastUsedAt: '2026-06-01T10:00:00+00:00',
    users: [],
    keptForRuns: [],
    removal: 'too much in the store',
  } as const;
  const report: GarbageReport = {
    dryRun: true,
    limits: { maxSizeBytes: 1024, minFreeBytes: 10_240, maxAgeSeconds: null },
    removed: [decision],
    kept: [{ ...decision, users: [{ pid: 7, onThisHost: true }], removal: null }],
    damaged: [],
    leftovers: { stagingDirectories: ['/x', '/y'], locks: ['/l'], leases: [] },
    freedBytes: 2048,
    keptBytes: 2048,
    freeBytes: 0,
    failures: [failure('infrastructure', 'It could not be removed', { reason: 'busy' })],
  };

  it('says what goes and why, what stays because it is in use, and which limits do not hold', () => {
    expect(formatGarbage(report)).toBe(`would remove
  deps  aaaaaaaaaaaa  2.0 KiB  last used 2026-06-01 10:00:00 UTC  too much in the store

in use, and kept
  deps  aaaaaaaaaaaa  2.0 KiB  last used 2026-06-01 10:00:00 UTC  in use by process 7

error: It could not be removed
  why:   busy
would remove what dead processes have left: 2 staging directories, 1 lock
would free 2.0 KiB; 1 payload of 2.0 KiB stays
that is more than 1.0 KiB, but what is left is in use
2.0 KiB free is less than 10 KiB, with nothing left to remove`);
  });

  it('says so when there are no limits and nothing is left behind', () => {
    const limits = { maxSizeBytes: null, minFreeBytes: null, maxAgeSeconds: null };
    const leftovers = { stagingDirectories: [], locks: [], leases: [] };
    const quiet = {
      ...report,
      dryRun: false,
      limits,
      leftovers,
      removed: [],
      failures: [],
      kept: [],
    };
    expect(formatGarbage({ ...quiet, freedBytes: 0, keptBytes: 0 })).toBe(
      `no limits are set (cache.payloads in the configuration, --max-size, --max-age, --min-free): no payload is removed
dead processes have left nothing
freed 0 B; 0 payloads of 0 B stay`,
    );
  });
});

describe('formatExplanations', () => {
  const compared = {
    contentKey: key('b'),
    builtAt: '2026-06-01T10:00:00+00:00',
    lastUsedAt: '2026-06-01T10:00:00+00:00',
    removed: null,
  };
  const removed = { at: '2026-06-03T10:00:00+00:00', reason: 'unused for too long' } as const;
  const common = { payloadId: 'deps', contentKey: key('a'), keyInputs: [] };
  const lineOf = (changes: Partial<PayloadExplanation>) =>
    formatExplanations([
      { ...common, expectation: 'hit', comparedWith: compared, changes: [], ...changes },
    ]);

  it.each<[Partial<PayloadExplanation>, string]>([
    [{}, 'hit  aaaaaaaaaaaa: in the store, built 2026-06-01 10:00:00 UTC'],
    [
      { expectation: 'new', comparedWith: null, changes: null },
      'miss  aaaaaaaaaaaa: no payload of this id is known here',
    ],
    [
      { expectation: 'vanished' },
      'miss  aaaaaaaaaaaa: its output lay outside of the store and is gone',
    ],
    [
      { expectation: 'removed', comparedWith: { ...compared, removed } },
      'miss  aaaaaaaaaaaa: nothing changed, but it was removed 2026-06-03 10:00:00 UTC: unused for too long',
    ],
    [
      { expectation: 'changed', comparedWith: { ...compared, removed }, changes: null },
      'miss  aaaaaaaaaaaa: its inputs changed since bbbbbbbbbbbb, which was removed 2026-06-03 10:00:00 UTC: unused for too long; which ones is not known any more',
    ],
  ])('says %j in one line', (changes, line) => {
    expect(lineOf(changes)).toBe(`deps  ${line}`);
  });

  it('shows each changed input where it differs, and not hundreds of them', () => {
    const many = Array.from({ length: 25 }, (_, n) => ({
      name: `file ${n}`,
      before: 'x',
      after: null,
    }));
    const long = 'npm ci --ignore-scripts --no-audit --no-fund --prefix ';
    const changes = [{ name: 'run', before: `${long}a`, after: `${long}b` }, ...many];
    const lines = lineOf({ expectation: 'changed', changes }).split('\n');
    expect(lines[0]).toContain('26 inputs changed since bbbbbbbbbbbb');
    expect(lines[1]).toBe('    run      … --prefix a → … --prefix b');
    expect(lines[2]).toBe('    file 0   x → (none)');
    expect(lines.at(-1)).toBe('    … and 6 more (--json has all)');
  });
});
