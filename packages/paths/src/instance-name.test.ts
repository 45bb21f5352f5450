import { expect, it } from 'vitest';
import { instanceName } from './instance-name.js';

it('derives the name of an instance from run and job, as earlier records do', () => {
  expect(instanceName('20261122T211832Z-574c1c9a', 'pika-core-lib-app-flows-tests')).toBe(
    'pikaci-7a83284d99f6',
  );
});
