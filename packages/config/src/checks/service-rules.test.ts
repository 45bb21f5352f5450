import { expect, it } from 'vitest';
import { checked } from './checked.test.helper.js';
import { checkEntrypointReferences } from './entrypoint-references.js';
import { checkServices } from './services.js';

const run = 'x';
const jobWith = (services: Record<string, object>) => ({
  jobs: { a: { run, services: services as Record<string, { run: string }> } },
});

it('is content with services that can be asked whether they are ready, and be told apart', () => {
  const services = {
    db: { run, port: 5432 },
    cache: { run: ['x', { run: 'y' }], port: 'auto', ready: { port: true }, cwd: 'sub' },
    worker: { run, ready: { run: 'ready' }, env: { PORT: '1' } },
  };
  expect(checked(checkServices, jobWith(services))).toEqual([]);
});

it('finds a service of which nobody could tell when it is ready', () => {
  expect(
    checked(checkServices, jobWith({ a: { run }, b: { run, ready: { port: true } } })),
  ).toEqual([
    'jobs.a.services.a: service `a` of job `a` has no port, and no command that tells when it is ready',
    'jobs.a.services.b.ready: service `b` of job `a` has no port, and no command that tells when it is ready',
  ]);
});

it('finds services that share variables or a port, have two ports, or start outside of the tree', () => {
  const services = {
    'my-db': { run, port: 5432 },
    my_db: { run, port: 5432 },
    both: { run, port: 'auto', env: { PORT: '1' } },
    out: { run, port: 'auto', cwd: '../x' },
  };
  expect(checked(checkServices, jobWith(services))).toEqual([
    'jobs.a.services.both.env.PORT: service `both` of job `a` has PORT in its env, in which it finds its `port`',
    expect.stringMatching(/^jobs\.a\.services\.out\.cwd: /) as string,
    'jobs.a.services.my_db: services `my-db` and `my_db` of job `a` would have the same variables, PIKACI_SERVICE_MY_DB_…',
    'jobs.a.services.my_db.port: services `my-db` and `my_db` of job `a` have the same port 5432',
  ]);
});

it('finds references to entry points in the commands of services', () => {
  const bad = '${payload:pg:entrypoint:postgres}';
  const services = { db: { run: bad, port: 1, ready: { run: bad } } };
  expect(checked(checkEntrypointReferences, jobWith(services))).toEqual([
    `jobs.a.services.db.run: \`${bad}\` in the command of job \`a\` names a payload that the job does not have`,
    `jobs.a.services.db.ready.run: \`${bad}\` in the command of job \`a\` names a payload that the job does not have`,
  ]);
});
