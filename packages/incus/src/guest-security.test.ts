import type { JobSecretValue, Masker } from '@pikaci/model';
import { instanceName } from '@pikaci/paths';
import { describe, expect, it } from 'vitest';
import { fakeGuest } from './fixtures/fake-guest.js';
import { useFakeIncus } from './fixtures/on-fake-incus.js';
import { readMarks } from './marks.js';

const on = useFakeIncus();

interface Creation {
  readonly name: string;
  readonly config: Record<string, string>;
  readonly devices: Record<string, Record<string, string>>;
}
const creations = (): Creation[] =>
  on.fake.requests
    .filter(({ method, path }) => method === 'POST' && path === '/1.0/instances')
    .map(({ body }) => JSON.parse(body.toString()) as Creation);
const execs = (): string[] =>
  on.fake.requests.filter(({ path }) => path.endsWith('/exec')).map(({ body }) => body.toString());

describe('the instance of a job', () => {
  it('is unprivileged, with ids of its own, without nesting and without the socket of Incus', async () => {
    on.fake.onExec(fakeGuest(() => 0));
    await on.run();
    expect(creations()[0]?.config).toMatchObject({
      'security.privileged': 'false',
      'security.guestapi': 'false',
      'security.nesting': 'false',
      'security.idmap.isolated': 'true',
    });
  });

  it('has the limits of the runtime, and over them those of the job', async () => {
    on.fake.onExec(fakeGuest(() => 0));
    const config = { nesting: true, limits: { cpu: 4, memory: '1GiB' } };
    await on.run({ config, job: { limits: { cpu: 1, processes: 99 } } });
    expect(creations()[0]?.config).toMatchObject({
      'security.nesting': 'true',
      'limits.cpu': '1',
      'limits.memory': '1GiB',
      'limits.processes': '99',
    });
  });

  it('is marked with the attempt, and each attempt has an instance of another name', async () => {
    on.fake.onExec(fakeGuest(() => 0));
    await on.run();
    await on.run({ execution: { attempt: 2 } });
    const { runId, stateRoot } = on.bench;
    expect(creations().map(({ name }) => name)).toEqual([
      instanceName(runId, 'probe'),
      instanceName(runId, 'probe', 2),
    ]);
    expect(creations().map(({ config }) => readMarks(config))).toEqual(
      [1, 2].map((attempt) => ({
        runId,
        stateRoot,
        purpose: { jobId: 'probe', attempt },
        owner: expect.objectContaining({ pid: process.pid }) as unknown,
      })),
    );
  });
});

describe('a job without network', () => {
  it('loses every device of its profiles by which it could be reached, and its guest makes sure', async () => {
    on.fake.onExec(fakeGuest(() => 0));
    on.fake.addProfile('net', {
      config: {},
      devices: { eth0: { type: 'nic' }, web: { type: 'proxy' }, gpu: { type: 'gpu' } },
    });
    await on.run({ config: { profiles: ['default', 'net'] }, job: { network: 'none' } });
    expect(creations()[0]?.devices).toMatchObject({
      eth0: { type: 'none' },
      web: { type: 'none' },
    });
    expect(creations()[0]?.devices).not.toHaveProperty('gpu');
    expect(creations()[0]?.devices).not.toHaveProperty('root');
    expect(execs()[0]).toContain('/sys/class/net');
  });

  it('does not run when the profiles cannot be read', async () => {
    on.fake.faults.fail({ path: /profiles/ }, 403, 'not authorized');
    const { outcome } = await on.run({ job: { network: 'none' } });
    expect(outcome.failure?.kind).toBe('infrastructure');
    expect(creations()).toEqual([]);
  });
});

describe('the secrets of a job', () => {
  const secrets: JobSecretValue[] = [
    { secret: 'TOKEN', name: 'TOKEN', as: 'env', value: 'hunter2-env' },
    { secret: 'KEY', name: 'KEY_FILE', as: 'file', value: 'hunter2-file' },
  ];
  const masker: Masker = {
    isEmpty: false,
    stream: () => ({
      write: (chunk) => Buffer.from(Buffer.from(chunk).toString().replaceAll('hunter2-env', '***')),
      end: () => Buffer.from('(end)'),
    }),
    text: (text) => text,
  };

  it('are in the environment of its command, and in a file that only its user can read', async () => {
    let environment: Readonly<Record<string, string>> = {};
    let file = '';
    on.fake.onExec(
      fakeGuest(({ exec }) => {
        environment = exec.request.environment;
        const { files } = exec.instance;
        const path = environment['KEY_FILE'] ?? '';
        file = files.readBytes(path).toString();
        expect(files.attributes(path, files.entry(path))).toMatchObject({ uid: 1000, mode: 0o400 });
        return 0;
      }),
    );
    const job = await on.run({ execution: { secrets }, job: { user: '1000' } });
    expect(job.outcome.failure).toBeNull();
    expect(environment).toMatchObject({ TOKEN: 'hunter2-env' });
    expect(file).toBe('hunter2-file');
    // Of all that was sent, one request holds each: neither the instance nor a command line does.
    const holding = (value: string) =>
      on.fake.requests
        .filter(({ body }) => body.includes(value))
        .map(({ method, path }) => `${method} ${path.split('/').at(-1) ?? ''}`);
    expect(holding('hunter2-env')).toEqual(['POST exec']);
    expect(holding('hunter2-file')).toEqual(['POST files']);
    expect(job.hostLog.join('\n')).not.toContain('hunter2');
  });

  it('are masked in what it prints, and what is compared with the guest is what it printed', async () => {
    on.fake.onExec(
      fakeGuest(({ print }) => {
        print('stdout', 'is hunter2-env\n');
        return 0;
      }),
    );
    const shown: string[] = [];
    const job = await on.run({
      execution: { secrets, masker },
      onOutput: (text) => shown.push(text),
    });
    expect(job.log).toBe('is ***\n(end)(end)');
    expect(job.outcome.notes).toEqual([]);
    expect(shown.join('')).toBe('is ***\n(end)(end)');
  });
});

describe('a log that is longer than its limit', () => {
  it('keeps head and tail, and says so', async () => {
    on.fake.onExec(
      fakeGuest(({ print }) => {
        print('stdout', 'head'.padEnd(500, '.'));
        print('stdout', 'tail'.padStart(500, '.'));
        return 0;
      }),
    );
    const job = await on.run({ job: { logLimitBytes: 100 } });
    expect(job.log).toMatch(/^head\.{46}\n.*left out here.*\n\.{46}tail$/);
    expect(job.outcome.notes).toEqual([
      '900 of 1000 bytes of output are not in the log: its limit is 100B',
    ]);
  });
});

describe('a project that refuses shifted disks', () => {
  const restricted = {
    restricted: 'true',
    'restricted.devices.disk': 'allow',
    'restricted.devices.disk.paths': '/state',
  };

  it('gets copies in the place of overlays, and the record says so', async () => {
    on.fake.setProject('default', restricted);
    on.fake.onExec(fakeGuest(() => 0));
    const { outcome } = await on.run();
    expect(creations()[0]?.devices['pk-snapshot']).not.toHaveProperty('shift');
    expect(outcome.notes).toEqual([
      'Project "default" refuses shifted disks (restricted.devices.disk.paths): what the job may write to was copied in the guest',
    ]);
  });

  it('is asked for once, and one that cannot be seen is taken for unrestricted', async () => {
    on.fake.onExec(fakeGuest(() => 0));
    on.fake.faults.fail({ path: /projects/ }, 403, 'not authorized');
    const { outcome } = await on.run();
    expect(outcome).toMatchObject({ verdict: 'passed', notes: [] });
    expect(creations()[0]?.devices['pk-snapshot']).toHaveProperty('shift');
  });
});
