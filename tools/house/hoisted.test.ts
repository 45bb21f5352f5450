import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const lockFile = join(import.meta.dirname, '../../package-lock.json');

it('npm puts all that is installed at the root, of which the payload of node_modules is made', () => {
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as { packages: Record<string, unknown> };
  const places = Object.keys(lock.packages);
  expect(places).toContain('node_modules/ajv');
  // A root devDependency of the wanted version brings such a one up.
  expect(places.filter((place) => /^packages\/[^/]+\/node_modules\//u.test(place))).toEqual([]);
});
