import { fail, failure } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { isDiskFailure, isDiskFault, pathlessReason, systemFailure } from './system-error.js';

const thrown = (code: string, rest = '') =>
  Object.assign(new Error(`${code}: words of the system, copyfile${rest}`), { code });

describe('a fault of the disk', () => {
  it.each(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'])('is %s, also as a failure', (code) => {
    expect(isDiskFault(thrown(code))).toBe(true);
    expect(isDiskFailure(systemFailure('It failed', thrown(code)).error)).toBe(true);
  });

  it.each(['ENOENT', 'EACCES', 'EMFILE'])('is not %s', (code) => {
    expect(isDiskFault(thrown(code))).toBe(false);
    expect(isDiskFailure(systemFailure('It failed', thrown(code)).error)).toBe(false);
  });

  it('is nothing that only speaks of one', () => {
    expect(isDiskFault(new Error('ENOSPC: no code'))).toBe(false);
    expect(isDiskFailure(failure('infrastructure', 'ENOSPC: x', { reason: 'no ENOSPC: x' }))).toBe(
      false,
    );
  });
});

describe('pathlessReason', () => {
  it('leaves out the paths of what was called', () => {
    const { error } = systemFailure('It failed', thrown('ENOSPC', ` '/it's/a' -> '/b'`));
    expect(pathlessReason(error)).toBe('ENOSPC: words of the system, copyfile');
  });

  it('leaves other reasons as they are', () => {
    const reason = "it's neither a file nor a directory";
    expect(pathlessReason(fail('infrastructure', 'It failed', { reason }).error)).toBe(reason);
    expect(pathlessReason(failure('infrastructure', 'It failed'))).toBeNull();
  });
});
