import { describe, expect, it } from 'vitest';
import { parseEnding } from './supervisor-script.js';

const digest = 'a'.repeat(64);

describe('parseEnding', () => {
  it('reads exit status, sizes and digests', () => {
    expect(parseEnding(`3\n10\n0\n${digest}\n${digest}\n`)).toEqual({
      exitCode: 3,
      stdout: { sizeBytes: 10, sha256: digest },
      stderr: { sizeBytes: 0, sha256: digest },
    });
  });

  it('does without digests where the guest has no program for them', () => {
    expect(parseEnding('0\n1\n2\n\n\n')).toMatchObject({ stdout: { sizeBytes: 1, sha256: null } });
  });

  it.each(['', '0\n', 'x\n1\n2\n', '0\n-1\n2\n'])('makes nothing of %j', (text) => {
    expect(parseEnding(text)).toBeNull();
  });
});
