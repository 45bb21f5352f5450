import { expect, it } from 'vitest';
import { instanceName } from './instance-name.js';

it('derives the name of an instance from run and job, as earlier records do', () => {
  expect(instanceName('20261122T211832Z-574c1c9a', 'pika-core-lib-app-flows-tests')).toBe(
    'pikaci-7a83284d99f6',
  );
});

it('gives each attempt a name of its own, and the first the one that it always had', () => {
  const names = [1, 2, 3].map((attempt) => instanceName('run', 'job', attempt));
  expect(names[0]).toBe(instanceName('run', 'job'));
  expect(new Set(names).size).toBe(3);
});
