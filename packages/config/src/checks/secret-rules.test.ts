import { expect, it } from 'vitest';
import { checked } from './checked.test.helper.js';
import { checkReferences } from './references.js';
import { checkSecretVariables } from './secret-variables.js';

const run = 'x';
const secrets = { TOKEN: { env: 'TOKEN' }, KEY: { file: 'key' } };

it('is content with secrets that are there, by variables of their own', () => {
  const input = {
    secrets,
    jobs: {
      a: { run, secrets: ['TOKEN', { secret: 'KEY', as: 'file' as const, name: 'KEY_FILE' }] },
      b: { run, env: { MODE: 'x' }, secrets: ['TOKEN', { secret: 'TOKEN', name: 'OTHER' }] },
    },
  };
  expect(checked(checkReferences, input)).toEqual([]);
  expect(checked(checkSecretVariables, input)).toEqual([]);
});

it('finds secrets that are not there, with the closest name there is', () => {
  const jobs = { a: { run, secrets: ['TOKENS', { secret: 'toString' }] } };
  expect(checked(checkReferences, { secrets, jobs })).toEqual([
    'jobs.a.secrets[0]: unknown secret `TOKENS` in jobs.a.secrets[0], did you mean `TOKEN`?',
    'jobs.a.secrets[1].secret: unknown secret `toString` in jobs.a.secrets[1].secret',
  ]);
});

it('finds two secrets by one variable', () => {
  const jobs = { a: { run, secrets: ['TOKEN', { secret: 'KEY', name: 'TOKEN' }] } };
  expect(checked(checkSecretVariables, { secrets, jobs })).toEqual([
    'jobs.a.secrets[1].name: job `a` gets secret `KEY` as variable TOKEN, as it gets secret `TOKEN`',
  ]);
});

it("finds a variable that is in env, or is pikaci's own", () => {
  const own = ['PATH', 'PIKACI_RUN_ID'].map((name) => ({ secret: 'KEY', name }));
  const jobs = { a: { run, env: { TOKEN: 'x' }, secrets: ['TOKEN', ...own] } };
  expect(checked(checkSecretVariables, { secrets, jobs })).toEqual([
    'jobs.a.secrets[0]: job `a` gets secret `TOKEN` as variable TOKEN, which is in its env as well',
    "jobs.a.secrets[1].name: job `a` gets secret `KEY` as variable PATH, which is pikaci's own",
    "jobs.a.secrets[2].name: job `a` gets secret `KEY` as variable PIKACI_RUN_ID, which is pikaci's own",
  ]);
});
