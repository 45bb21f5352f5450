import type { JobExecution, PlannedService, ProcessOwner } from '@pikaci/model';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExecHandler } from '@pikaci/testkit';
import { fakeGuest, type FakeCommand } from '../fixtures/fake-guest.js';
import { useFakeIncus } from '../fixtures/on-fake-incus.js';
import type { RunOptions } from '../fixtures/incus-job.js';
import { markKeys } from '../marks.js';
import { servicePlans } from './service-plan.js';

const on = useFakeIncus();
let runtimeDir: string;
beforeEach(() => {
  runtimeDir = mkdtempSync(join(tmpdir(), 'pk-'));
});
/** What processes still do that were killed, as far as they could. */
const killedRuns: Promise<unknown>[] = [];
afterEach(async () => {
  await Promise.all(killedRuns.splice(0));
  rmSync(runtimeDir, { recursive: true });
});

const dead: ProcessOwner = { pid: 4_000_000, host: 'here', bootId: 'boot', startTicks: '1' };
const living: ProcessOwner = { ...dead, pid: 4_000_001 };

const db: PlannedService = {
  name: 'db',
  command: 'serve',
  image: null,
  env: {},
  port: 5432,
  readyCommand: null,
  readyTimeoutSeconds: 60,
};
const withDb = (more: RunOptions = {}): RunOptions =>
  on.options({
    ...more,
    job: { services: [db], ...more.job },
    runtime: { runtimeDir, ...more.runtime },
  });

type Play = (command: FakeCommand) => number | null | Promise<number | null>;

/** Ends when it is asked to, as a service does. */
const serve: Play = async ({ print, asked }) => {
  print('stdout', 'ready for connections\n');
  await asked;
  return 143;
};

/** Plays the guests of a job and of its service; something listens in that as soon as it is `listening`. */
function guests(
  plays: { readonly job: Play; readonly service?: Play },
  listening = () => true,
): ExecHandler {
  const job = fakeGuest(plays.job);
  const service = fakeGuest(plays.service ?? serve);
  return async (exec) => {
    if (exec.instance.definition.config[markKeys.service] === undefined) return job(exec);
    if (exec.request.command[0] !== 'cat') return service(exec);
    exec.stdout(listening() ? '0: 0100007F:1538 00000000:0000 0A\n' : 'sl\n');
    exec.exit(0);
  };
}

const instances = () => on.fake.instances().map(({ name }) => name);
const sockets = () => readdirSync(join(runtimeDir, 'services'));
const planOf = (execution: JobExecution) => servicePlans(execution)[0]!;

describe('a job with a service', () => {
  it('has it in an instance of its own, marked as the job’s, and connected to it by proxies alone', async () => {
    const seen: { devices: unknown; config: Readonly<Record<string, string>> }[] = [];
    on.fake.addImage('postgres');
    on.fake.onExec(
      guests({
        job: ({ exec }) => {
          expect(exec.request.environment).toMatchObject({
            PIKACI_SERVICE_DB_HOST: '127.0.0.1',
            PIKACI_SERVICE_DB_PORT: '5432',
          });
          seen.push(...on.fake.instances().map(({ definition }) => definition));
          return 0;
        },
      }),
    );
    const { outcome } = await on.run(withDb({ job: { services: [{ ...db, image: 'postgres' }] } }));
    expect(outcome).toMatchObject({
      verdict: 'passed',
      services: [
        { name: 'db', state: 'stopped', port: 5432, readyAfterMs: expect.any(Number) as number },
      ],
    });
    const ofService = seen.find(({ config }) => config[markKeys.service] === 'db');
    const ofJob = seen.find(({ config }) => config[markKeys.service] === undefined);
    const listen = `unix:${join(runtimeDir, 'services', on.name.slice('pikaci-'.length), '0.sock')}`;
    expect(ofService?.devices).toMatchObject({
      'ps-0': { type: 'proxy', bind: 'host', listen, connect: 'tcp:127.0.0.1:5432', mode: '0600' },
    });
    expect(ofJob?.devices).toMatchObject({
      'ps-0': { type: 'proxy', bind: 'instance', listen: 'tcp:127.0.0.1:5432', connect: listen },
    });
    expect(ofService?.config).toMatchObject({ [markKeys.job]: 'probe', [markKeys.attempt]: '1' });
    const images = seen.map(({ config }) => config['volatile.base_image']);
    expect(new Set(images).size).toBe(2);
    expect(instances()).toEqual([]);
    expect(sockets()).toEqual([]);
    expect(readFileSync(outcome.services?.[0]?.logPath ?? '', 'utf8')).toBe(
      'ready for connections\n',
    );
  });

  it('is not started before the service is ready, and not at all if that never is', async () => {
    const ran: string[] = [];
    let asked = 0;
    on.fake.onExec(guests({ job: () => (ran.push(`after ${asked}`), 0) }, () => (asked += 1) > 3));
    expect((await on.run(withDb())).outcome.verdict).toBe('passed');
    expect(ran).toEqual(['after 4']);
    on.fake.onExec(guests({ job: () => (ran.push('too early'), 0) }, () => false));
    const { outcome } = await on.run(
      withDb({ job: { services: [{ ...db, readyTimeoutSeconds: 1 }] } }),
    );
    expect(outcome).toMatchObject({
      failure: {
        kind: 'job',
        message: 'service `db` was not ready within 1s',
        reason: 'nothing listens at port 5432; it printed last:\nready for connections',
      },
      services: [{ state: 'not_ready' }],
    });
    expect(ran).toHaveLength(1);
    expect(instances()).toEqual([]);
  });

  it('fails with a service that ends before it is ready, and goes on without one that ends later', async () => {
    const ended: Play = ({ print }) => (print('stderr', 'no such role\n'), 3);
    on.fake.onExec(guests({ job: () => 0, service: ended }, () => false));
    const early = await on.run(withDb());
    expect(early.outcome).toMatchObject({
      failure: { kind: 'job', message: 'service `db` exited with 3 before it was ready' },
      services: [{ state: 'failed', exitCode: 3 }],
    });
    let end: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    on.fake.onExec(
      guests({
        job: async () => (end(), 0),
        service: async () => (await over, 4),
      }),
    );
    const late = await on.run(withDb({ id: 'late' }));
    expect(late.outcome).toMatchObject({
      verdict: 'passed',
      notes: ['service `db` ended by itself with 4 while the job ran'],
      services: [{ state: 'ended', exitCode: 4 }],
    });
  });

  it('that fails while the instance of a service is lost is no failure of the job', async () => {
    on.fake.onExec(
      guests({
        job: () => {
          const lost = on.fake.instances().find(({ name }) => name !== on.name);
          on.fake.stopInstance(lost?.name ?? '');
          return 1;
        },
      }),
    );
    const { outcome } = await on.run(withDb());
    expect(outcome).toMatchObject({
      exitCode: null,
      failure: { kind: 'infrastructure', message: 'the instance of service `db` was lost' },
    });
    expect(instances()).toEqual([]);
  });

  it('leaves nothing when the instance of the service, or its own, cannot be made', async () => {
    on.fake.onExec(guests({ job: () => 0 }));
    on.fake.removeImage('gone');
    const noImage = await on.run(withDb({ job: { services: [{ ...db, image: 'gone' }] } }));
    expect(noImage.outcome.failure).toMatchObject({
      kind: 'infrastructure',
      message: 'service `db`: There is no image "gone" in project "default"',
    });
    on.fake.faults.fail({ method: 'POST', path: '/1.0/instances' }, 500, 'disk full', 9);
    const noInstance = await on.run(withDb({ id: 'other' }));
    expect(noInstance.outcome.failure?.kind).toBe('infrastructure');
    expect(instances()).toEqual([]);
    expect(sockets()).toEqual([]);
  });

  it('is refused, before anything is made, in a project that allows no proxies', async () => {
    on.fake.setProject('default', { restricted: 'true' });
    const { outcome } = await on.run(withDb());
    expect(outcome.failure).toMatchObject({
      kind: 'config',
      message: 'Project "default" does not let a job reach its services',
      hint: 'Allow it: incus project set default restricted.devices.proxy=allow',
    });
    on.fake.setProject('default', { restricted: 'true', 'restricted.devices.proxy': 'allow' });
    on.fake.onExec(guests({ job: () => 0 }));
    expect((await on.run(withDb())).outcome.verdict).toBe('passed');
  });

  it('is refused where somebody else has put a link, and nothing is removed behind it', async () => {
    const elsewhere = join(runtimeDir, 'elsewhere');
    const kept = join(elsewhere, 'services', on.name.slice('pikaci-'.length), 'kept');
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    const link = join(runtimeDir, 'link');
    symlinkSync(elsewhere, link);
    const { outcome } = await on.run(withDb({ runtime: { runtimeDir: link } }));
    expect(outcome.failure).toMatchObject({ kind: 'infrastructure', reason: 'it is no directory' });
    await on.run(on.options({ signal: AbortSignal.abort(), runtime: { runtimeDir: link } }));
    expect(existsSync(kept)).toBe(true);
  });

  it('is refused where the path of its sockets would be too long', async () => {
    const long = join(runtimeDir, 'x'.repeat(100));
    mkdirSync(long);
    const { outcome } = await on.run(withDb({ runtime: { runtimeDir: long } }));
    expect(outcome.failure).toMatchObject({
      kind: 'config',
      reason: 'at most 107 bytes are allowed',
    });
  });
});

describe('a job with a service whose process was killed', () => {
  let log: readonly string[] = [];

  /** Neither sees the end nor removes the instances. */
  async function begin(job: Play): Promise<JobExecution> {
    let tell: () => void = () => undefined;
    const isStarted = new Promise<void>((resolve) => (tell = resolve));
    on.fake.onExec(guests({ job: (command) => (tell(), job(command)) }));
    const killed = withDb({ runtime: { processOwner: dead, slackMs: 3_600_000 } });
    const { execution, hostLog } = await on.bench.execution('x', killed);
    log = hostLog;
    killedRuns.push(on.bench.runtime(killed).run(execution));
    await isStarted;
    return execution;
  }
  const attaching = () => on.bench.runtime(withDb({ runtime: { processOwner: living } }));

  it('is gone on with, and its service ends with it', async () => {
    let goOn: () => void = () => undefined;
    const more = new Promise<void>((resolve) => (goOn = resolve));
    const execution = await begin(async ({ drop }) => (drop(), await more, 4));
    const runtime = attaching();
    const attached = runtime.attach(execution);
    goOn();
    expect(await attached).toMatchObject({
      exitCode: 4,
      failure: { kind: 'job' },
      services: [{ name: 'db', state: 'stopped' }],
    });
    expect(log.filter((line) => line.includes('going on with the command'))).toHaveLength(1);
    expect(await runtime.close()).toEqual([]);
    expect(instances()).toEqual([]);
    expect(sockets()).toEqual([]);
  });

  it.each([
    ['its service is gone', (name: string) => on.fake.removeInstance(name)],
    ['its service has stopped', (name: string) => on.fake.stopInstance(name)],
    [
      'the socket of its service is gone',
      () => rmSync(join(runtimeDir, 'services'), { recursive: true }),
    ],
  ])('is run again when %s', async (_why, lose) => {
    const execution = await begin(({ drop }) => (drop(), null));
    lose(planOf(execution).instance);
    const runtime = attaching();
    expect(await runtime.attach(execution)).toBeNull();
    // Not even tried: its service would not answer.
    expect(log.filter((line) => line.includes('going on with the command'))).toEqual([]);
    await runtime.close();
    expect(instances()).toEqual([]);
    expect(existsSync(join(runtimeDir, 'services', on.name.slice('pikaci-'.length)))).toBe(false);
  });

  it('is run again, and its service removed, when it has no instance itself', async () => {
    const execution = await begin(({ drop }) => (drop(), null));
    on.fake.removeInstance(on.name);
    const runtime = attaching();
    expect(await runtime.attach(execution)).toBeNull();
    await runtime.close();
    expect(instances()).toEqual([]);
  });

  it('has its service and its sockets swept with it, and no others', async () => {
    const execution = await begin(({ drop }) => (drop(), null));
    const runtime = attaching();
    const { signal } = new AbortController();
    const kept = { isAbandoned: () => Promise.resolve(false), signal };
    expect(await runtime.sweep(kept)).toEqual({ removed: [], problems: [] });
    expect(sockets()).toHaveLength(1);
    const report = await runtime.sweep({
      isAbandoned: ({ owner }) => Promise.resolve(owner?.pid === dead.pid),
      signal,
    });
    await runtime.close();
    const { runId } = on.bench;
    const names = [on.name, planOf(execution).instance].sort();
    expect(report.removed).toEqual(names.map((name) => `instance ${name} of run ${runId}`));
    expect(sockets()).toEqual([]);
  });
});
