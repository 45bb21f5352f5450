import { pikaciConfigSchema } from '@pikaci/model';
import { expect, it } from 'vitest';
import { expandNxTarget } from './expand-nx-target.js';

const config = pikaciConfigSchema.parse({
  schemaVersion: 1,
  jobs: { 'all-web': { run: 'true' } },
  targets: { all: { nx: { target: 'test' } } },
});

it('names jobs by target and project, with nothing in them that no id may have', () => {
  const expanded = expandNxTarget(config, 'all', ['@shop/cart', 'api', 'tools/x']);
  if (!expanded.ok) throw new Error(expanded.error.message);
  const { jobs, targets } = expanded.value;
  expect(targets['all']?.jobs).toEqual(['all-shop-cart', 'all-api', 'all-tools-x']);
  expect(jobs['all-shop-cart']?.run).toBe("node_modules/.bin/nx run '@shop/cart:test'");
});

it('makes no job that is there already, and says which project it would be of', () => {
  const expanded = expandNxTarget(config, 'all', ['@web']);
  expect(expanded).toMatchObject({
    ok: false,
    error: { message: 'There would be two jobs "all-web"' },
  });
});
