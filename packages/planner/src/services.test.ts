import { pikaciConfigSchema, planRecordCodec, type PikaciConfigInput } from '@pikaci/model';
import { runLayout } from '@pikaci/paths';
import { expect, it } from 'vitest';
import { buildRunPlan } from './build-run-plan.js';
import { planRecord } from './plan-record.js';
import { selectJobs } from './select-jobs.js';

function plan(more: Partial<PikaciConfigInput>, runtime: 'process' | 'incus' = 'process') {
  const services = {
    db: { run: 'postgres', port: 5432, cwd: 'data', image: 'pg', env: { B: '2', A: '1' } },
    web: { run: ['build', 'serve'], port: 'auto' as const, ready: { run: 'ask' } },
  };
  const config = pikaciConfigSchema.parse({
    schemaVersion: 1,
    jobs: { a: { run: 'test', services }, b: { run: 'lint' } },
    ...more,
  });
  const selection = selectJobs(config, ['a', 'b']);
  if (!selection.ok) throw new Error(selection.error.message);
  return buildRunPlan({
    config,
    selection: selection.value,
    snapshot: { dir: '/snapshot', hash: 'a'.repeat(64), sourceRoot: '/src' },
    layout: runLayout('/state', 'run'),
    runId: 'run',
    createdAt: 'now',
    runtime,
  });
}

it('plans services with all that is decided of them, and records them', () => {
  const made = plan({});
  if (!made.ok) throw new Error(made.error.message);
  const record = planRecord(made.value);
  const [a, b] = record.nodes;
  expect(a).toMatchObject({
    services: [
      {
        name: 'db',
        command: 'cd -- data || exit\npostgres',
        image: 'pg',
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        port: 5432,
        readyCommand: null,
        readyTimeoutSeconds: 60,
      },
      { name: 'web', port: 'auto', readyCommand: 'ask', image: null },
    ],
  });
  // So that the records of jobs without services stay what they were.
  expect(b).not.toHaveProperty('services');
  const written = planRecordCodec.encode(record);
  expect(planRecordCodec.decode(written, 'plan.json')).toEqual({ ok: true, value: record });
});

it('refuses services in virtual machines, and more instances than there may be', () => {
  const vm = plan({ runtimes: { incus: { instance: 'virtual-machine' } } }, 'incus');
  expect(vm).toMatchObject({
    error: { kind: 'config', message: 'Job "a" has services, which virtual machines cannot have' },
  });
  expect(plan({ limits: { instances: 2 } }, 'incus')).toMatchObject({
    error: {
      kind: 'config',
      message: 'Job "a" could never run: it needs 3 instances at once',
      hint: 'Raise limits.instances to 3 or more.',
    },
  });
  expect(plan({ limits: { instances: 3 } }, 'incus').ok).toBe(true);
  expect(plan({ limits: { instances: 2 } }).ok).toBe(true);
});
