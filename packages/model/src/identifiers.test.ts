import { describe, expect, it } from 'vitest';
import { identifierPattern, makeRunId, runIdPattern } from './identifiers.js';
import { guestContractFiles } from './records/guest-contract-files.js';
import { formatTimestamp } from './timestamp.js';

describe('identifiers', () => {
  it.each(['unit', 'a', 'e2e.web_1-x', 'A'.repeat(80)])('accept %s', (id) => {
    expect(id).toMatch(identifierPattern);
  });

  it.each(['', '.', '..', '.hidden', '-x', 'a/b', 'a b', 'a\n', 'é', 'a'.repeat(81)])(
    'refuse %j, which is no safe part of a path',
    (id) => {
      expect(id).not.toMatch(identifierPattern);
    },
  );
});

describe('makeRunId', () => {
  it('is the time to the second and eight hex digits', () => {
    const id = makeRunId(new Date('2026-03-07T00:00:01.999Z'), Uint8Array.of(0xaa, 0, 0, 1));
    expect(id).toBe('20260307T000001Z-aa000001');
    expect(id).toMatch(runIdPattern);
  });
});

describe('formatTimestamp', () => {
  it('has a numeric offset', () => {
    expect(formatTimestamp(new Date(0))).toBe('1970-01-01T00:00:00.000+00:00');
  });
});

describe('guestContractFiles', () => {
  it('ends with the result, in the words of the guest contract', () => {
    const files = guestContractFiles({
      passed: false,
      exitCode: 3,
      message: 'exited with 3',
      startedAt: new Date(0),
      finishedAt: new Date(1000),
    });
    expect(files.map((file) => file.name)).toEqual(['events.jsonl', 'status.json', 'result.json']);
    expect(JSON.parse(files[2]?.text ?? '')).toEqual({
      schema_version: 1,
      status: 'failed',
      finished_at: '1970-01-01T00:00:01.000+00:00',
      message: 'exited with 3',
      exit_code: 3,
    });
  });
});
