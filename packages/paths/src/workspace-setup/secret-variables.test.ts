import { expect, it } from 'vitest';
import { secretFilePath, secretVariables } from './secret-variables.js';

it('gives a job its secrets by the names it chose, values and paths of files', () => {
  const token = { secret: 'TOKEN', as: 'env' as const, name: 'GH_TOKEN', value: 'abc\ndef' };
  const key = { secret: 'KEY', as: 'file' as const, name: 'KEY_FILE', value: 'key' };
  expect(secretVariables([token, key], '/run/secrets')).toEqual({
    GH_TOKEN: 'abc\ndef',
    KEY_FILE: '/run/secrets/KEY_FILE',
  });
  expect(secretFilePath('/run/secrets', key)).toBe('/run/secrets/KEY_FILE');
});
