import { describe, expect, it } from 'vitest';
import { baseEnvironment } from './base-environment.js';

describe('baseEnvironment', () => {
  it('keeps what programs need and drops the rest', () => {
    const environment = { PATH: '/bin', LC_ALL: 'C', https_proxy: 'p', TOKEN: 's', npm_x: 'y' };
    expect(baseEnvironment(environment)).toEqual({ PATH: '/bin', LC_ALL: 'C', https_proxy: 'p' });
  });

  it('always has a PATH', () => {
    expect(baseEnvironment({})).toEqual({ PATH: '/usr/local/bin:/usr/bin:/bin' });
  });
});
