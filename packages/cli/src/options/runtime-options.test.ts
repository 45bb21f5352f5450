import { incusRuntimeSchema } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { withRuntimeOptions } from './runtime-options.js';

const configured = incusRuntimeSchema.parse({ socket: '/configured', image: 'configured' });
const env = { PIKACI_INCUS_SOCKET: '/env', PIKACI_INCUS_IMAGE: 'env' };

describe('withRuntimeOptions', () => {
  it('lets a flag win over a variable, and a variable over the configuration', () => {
    const flags = { incusSocket: '/flag', image: 'flag' };
    expect(withRuntimeOptions(configured, flags, env)).toMatchObject({
      socket: '/flag',
      image: 'flag',
    });
    expect(withRuntimeOptions(configured, {}, env)).toMatchObject({ socket: '/env', image: 'env' });
    expect(withRuntimeOptions(configured, {}, {})).toEqual(configured);
  });

  it('takes an empty variable for none', () => {
    const empty = { PIKACI_INCUS_SOCKET: '', PIKACI_INCUS_IMAGE: '' };
    expect(withRuntimeOptions(configured, {}, empty)).toEqual(configured);
  });

  it('leaves the image absent where nobody names one', () => {
    expect(withRuntimeOptions(incusRuntimeSchema.parse({}), {}, {})).not.toHaveProperty('image');
  });
});
