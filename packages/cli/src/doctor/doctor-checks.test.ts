import type { IncusClient, IncusError, Server } from '@pikaci/incus-client';
import { incusRuntimeSchema } from '@pikaci/model';
import { describe, expect, it } from 'vitest';
import { incusChecks } from './incus-checks.js';
import { cgroupCheck, overlayCheck, stateRootCheck } from './machine-checks.js';
import type { DoctorProbe, ProgramAnswer } from './probe.js';
import { programChecks } from './program-checks.js';

const server: Server = {
  auth: 'trusted',
  apiExtensions: [
    'container_disk_shift',
    'container_exec_recording',
    'container_exec_user_group_cwd',
  ],
  serverVersion: '6.0.4',
  serverName: 's',
  clustered: false,
  project: 'default',
  kernelVersion: '6',
  driver: 'lxc',
  storage: 'zfs',
  architectures: [],
};
const config = incusRuntimeSchema.parse({ image: 'debian' });

function apiError(status: number, message: string): { ok: false; error: IncusError } {
  return { ok: false, error: { kind: 'api', status, message, request: 'GET /x' } };
}

function client(answers: {
  server?: Awaited<ReturnType<IncusClient['server']>>;
  alias?: Awaited<ReturnType<IncusClient['images']['getAlias']>>;
  project?: Readonly<Record<string, string>>;
}): { connect: DoctorProbe['connectIncus']; closed: () => boolean } {
  let closed = false;
  const alias = {
    name: 'debian',
    fingerprint: 'f'.repeat(64),
    type: 'container',
    description: '',
  } as const;
  const fake: Pick<IncusClient, 'server' | 'images' | 'get' | 'close'> = {
    get: async (_path, schema) => ({
      ok: true,
      value: schema.parse({ config: answers.project ?? {} }),
    }),
    server: async () => answers.server ?? { ok: true, value: server },
    images: { getAlias: async () => answers.alias ?? { ok: true, value: alias } },
    close: () => {
      closed = true;
    },
  };
  return { connect: () => fake as IncusClient, closed: () => closed };
}

function probe(given: Partial<DoctorProbe> = {}): DoctorProbe {
  return {
    nodeVersion: '20.19.0',
    uid: 1000,
    runProgram: async () => ({ succeeded: true, text: 'version 1' }),
    readText: async () => null,
    isWritable: async () => true,
    canonicalPath: async (path) => path.replace('/link', '/disk'),
    connectIncus: client({}).connect,
    ...given,
  };
}

const statuses = (checks: readonly { name: string; status: string }[]) =>
  Object.fromEntries(checks.map(({ name, status }) => [name, status]));

describe('the checks of programs', () => {
  it('are content with the oldest Node that is supported, git and npm', async () => {
    expect(statuses(await programChecks(probe()))).toEqual({ node: 'ok', git: 'ok', npm: 'ok' });
  });

  it.each(['20.18.9', '18.20.0'])('find Node %s too old', async (nodeVersion) => {
    const [node] = await programChecks(probe({ nodeVersion }));
    expect(node).toMatchObject({ status: 'missing', required: true });
  });

  it('need git, and can do without npm', async () => {
    const checks = await programChecks(probe({ runProgram: async () => null }));
    expect(statuses(checks)).toEqual({ node: 'ok', git: 'missing', npm: 'warn' });
    expect(checks.every((check) => check.status === 'ok' || check.hint !== null)).toBe(true);
  });
});

describe('the checks of the machine', () => {
  it('try an overlay in a user namespace, but for root', async () => {
    const commands: string[][] = [];
    const runProgram = async (command: readonly string[]): Promise<ProgramAnswer> => {
      commands.push([...command]);
      return { succeeded: true, text: '' };
    };
    await overlayCheck(probe({ runProgram, uid: 1000 }));
    await overlayCheck(probe({ runProgram, uid: 0 }));
    expect(commands.map((command) => command.includes('--user'))).toEqual([true, false]);
  });

  it('only warn when overlays are not possible', async () => {
    const runProgram = async () => ({ succeeded: false, text: 'a\nmount: not permitted' });
    expect(await overlayCheck(probe({ runProgram }))).toMatchObject({
      status: 'warn',
      detail: 'mount: not permitted',
    });
  });

  it('tell the limits of the own cgroup', async () => {
    const files: Record<string, string> = {
      '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
      '/proc/self/cgroup': '0::/ci.slice\n',
      '/sys/fs/cgroup/ci.slice/memory.max': '1073741824\n',
      '/sys/fs/cgroup/ci.slice/cpu.max': 'max 100000\n',
    };
    const check = await cgroupCheck(probe({ readText: async (path) => files[path] ?? null }));
    expect(check).toMatchObject({ status: 'ok' });
    expect(check.detail).toContain('memory.max 1073741824');
    expect(check.detail).not.toContain('cpu.max');
  });

  it('warn of cgroup version 1 and of controllers that are not there', async () => {
    expect((await cgroupCheck(probe())).status).toBe('warn');
    const some = probe({ readText: async (path) => (path.endsWith('controllers') ? 'cpu' : null) });
    expect((await cgroupCheck(some)).hint).toContain('memory, pids');
  });

  it('need a state root that can be written to', async () => {
    const check = await stateRootCheck(probe({ isWritable: async () => false }), '/state');
    expect(check).toMatchObject({ status: 'missing', required: true });
    expect(check.hint).toContain('--state-root');
  });
});

describe('the checks of Incus', () => {
  it('find server, api, storage, project and image, and close the connection', async () => {
    const { connect, closed } = client({});
    const checks = await incusChecks(probe({ connectIncus: connect }), config, true, '/link/state');
    expect(statuses(checks)).toEqual({
      'incus server': 'ok',
      'incus api': 'ok',
      'incus storage': 'ok',
      'incus project': 'ok',
      'incus image': 'ok',
      'incus restriction': 'warn',
    });
    expect(closed()).toBe(true);
  });

  it('stop at a server that cannot be reached', async () => {
    const error = {
      kind: 'connection',
      code: 'ENOENT',
      maybeReceived: false,
      message: 'no',
      request: 'GET /1.0',
    } as const;
    const { connect } = client({ server: { ok: false, error } });
    const [check, ...rest] = await incusChecks(
      probe({ connectIncus: connect }),
      config,
      true,
      '/link/state',
    );
    expect(check).toMatchObject({ name: 'incus server', status: 'missing', required: true });
    expect(check?.hint).toContain('PIKACI_INCUS_SOCKET');
    expect(rest).toEqual([]);
  });

  it('say that nothing is to be done when another runtime is the default', async () => {
    const { connect } = client({ server: apiError(500, 'no') });
    const [check] = await incusChecks(
      probe({ connectIncus: connect }),
      config,
      false,
      '/link/state',
    );
    expect(check).toMatchObject({ status: 'missing', required: false });
    expect(check?.hint).toContain('Only the incus runtime needs it');
  });

  it.each([
    [
      'a server that does not trust us',
      { server: { ok: true, value: { ...server, auth: 'untrusted' } } },
      'incus server',
    ],
    [
      'an old server',
      { server: { ok: true, value: { ...server, apiExtensions: [] } } },
      'incus api',
    ],
    [
      'a missing project',
      { alias: apiError(404, 'fetch project: Project not found') },
      'incus project',
    ],
    ['a missing image', { alias: apiError(404, 'Image alias not found') }, 'incus image'],
  ] as const)('find %s', async (_, answers, name) => {
    const { connect } = client(answers);
    const checks = await incusChecks(probe({ connectIncus: connect }), config, true, '/link/state');
    const found = checks.filter((check) => check.status === 'missing');
    expect(found.map((check) => check.name)).toEqual([name]);
    expect(found[0]?.hint).not.toBeNull();
  });

  it('miss an image when none is configured, and warn of the dir driver', async () => {
    const { connect } = client({
      server: { ok: true, value: { ...server, storage: 'zfs | dir' } },
    });
    const checks = await incusChecks(
      probe({ connectIncus: connect }),
      incusRuntimeSchema.parse({}),
      true,
      '/link/state',
    );
    expect(statuses(checks)).toMatchObject({ 'incus image': 'missing', 'incus storage': 'warn' });
  });

  const restriction = async (project: Readonly<Record<string, string>>) => {
    const { connect } = client({ project });
    const checks = await incusChecks(
      probe({ connectIncus: connect }),
      incusRuntimeSchema.parse({ image: 'debian', project: 'ci' }),
      true,
      '/link/state',
    );
    return checks.find(({ name }) => name === 'incus restriction');
  };

  it('show how to set up a project that keeps its users to the state root', async () => {
    expect(await restriction({})).toMatchObject({ status: 'warn', required: false });
    expect((await restriction({}))?.hint).toContain(
      "incus project create pikaci -c 'restricted=true' -c 'restricted.devices.disk=allow' -c 'restricted.devices.disk.paths=/disk/state';",
    );
  });

  it.each([
    [{ 'restricted.devices.disk': 'allow', 'restricted.devices.disk.paths': '/x,/disk' }],
    [{ 'restricted.devices.disk': 'allow', 'restricted.devices.disk.paths': '/disk/state' }],
    [{ 'restricted.devices.disk': 'allow' }],
  ])('are content with a restricted project that has %j', async (project) => {
    expect(await restriction({ restricted: 'true', ...project })).toMatchObject({ status: 'ok' });
  });

  it.each([
    [{}, "incus project set ci 'restricted.devices.disk=allow'"],
    [
      { 'restricted.devices.disk': 'allow', 'restricted.devices.disk.paths': '/link/state,/dis' },
      'restricted.devices.disk.paths=/link/state,/dis,/disk/state',
    ],
  ])('miss the state root in a restricted project that has %j', async (project, hint) => {
    const check = await restriction({ restricted: 'true', ...project });
    expect(check).toMatchObject({ status: 'missing', required: true });
    expect(check?.hint).toContain(hint);
  });
});
