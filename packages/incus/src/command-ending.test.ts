import { describe, expect, it } from 'vitest';
import { parseEnding } from './command-ending.js';

const digest = 'a'.repeat(64);

describe('parseEnding', () => {
  it('reads exit status, sizes, digests and the reason', () => {
    expect(parseEnding(`3\n10\n0\n${digest}\n${digest}\nexited\n`)).toEqual({
      exitCode: 3,
      stdout: { sizeBytes: 10, sha256: digest },
      stderr: { sizeBytes: 0, sha256: digest },
      reason: 'exited',
    });
  });

  it('does without digests where the guest has no program for them', () => {
    expect(parseEnding('0\n1\n2\n\n\ntimeout\n')).toMatchObject({
      stdout: { sizeBytes: 1, sha256: null },
      reason: 'timeout',
    });
  });

  it.each(['', '0\n', 'x\n1\n2\n', '0\n-1\n2\n', '0\n1\n2\n\n\n', '0\n1\n2\n\n\nwhatever\n'])(
    'makes nothing of %j',
    (text) => {
      expect(parseEnding(text)).toBeNull();
    },
  );
});
