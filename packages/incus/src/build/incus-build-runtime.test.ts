import { incusRuntimeSchema } from '@pikaci/model';
import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeGuest } from '../fixtures/fake-guest.js';
import { buildOn, type BuildOptions, type FinishedBuild } from '../fixtures/incus-build.js';
import { useFakeIncus } from '../fixtures/on-fake-incus.js';
import { createIncusBuildRuntime } from './create-incus-build-runtime.js';

const on = useFakeIncus();

const build = (options: BuildOptions = {}): Promise<FinishedBuild> =>
  buildOn(on.bench, 'the command', {
    socket: on.fake.socketPath,
    image: 'tiny',
    ...options,
    runtime: { pause: () => Promise.resolve(), ...options.runtime },
  });

interface Creation {
  readonly type: string;
  readonly devices: Record<string, Record<string, string>>;
  readonly config: Record<string, string>;
}

const creations = (): Creation[] =>
  on.fake.requests
    .filter(({ method, path }) => method === 'POST' && path === '/1.0/instances')
    .map(({ body }) => JSON.parse(body.toString()) as Creation);

const tool = () =>
  on.bench.payload({
    id: 'tool',
    files: { f: '' },
    mounts: [{ name: 'root', relativePath: '.', guestPath: '/opt/tool' }],
  });

describe('the instance of a build', () => {
  it('has its two directories to write to, and all that it depends on read-only', async () => {
    on.fake.onExec(fakeGuest(() => 0));
    const payload = await tool();
    const config = { limits: { cpu: 2, memory: '1GiB' } };
    const { outcome, workDir, outputDir } = await build({ dependencies: [payload], config });
    expect(outcome).toMatchObject({ ok: true, value: { exitCode: 0 } });
    const [creation] = creations();
    const readOnly = { type: 'disk', source: payload.storePath, readonly: 'true' };
    expect(creation?.devices).toEqual({
      'pk-build-work': { type: 'disk', source: workDir, path: '/workspace/work', shift: 'true' },
      'pk-build-output': { type: 'disk', source: outputDir, path: '/pikaci/output', shift: 'true' },
      'pk-build-1': { ...readOnly, path: '/pikaci/dependencies/tool' },
      'pk-tool-root': { ...readOnly, path: '/opt/tool' },
    });
    expect(creation?.config).toMatchObject({
      'user.pikaci.run-id': on.bench.runId,
      'user.pikaci.payload-id': 'example',
      'user.pikaci.state-root': on.bench.stateRoot,
      'security.privileged': 'false',
      'limits.cpu': '2',
      'limits.memory': '1GiB',
    });
    expect(on.fake.instances()).toEqual([]);
  });

  it('has no shifted disks when it is a virtual machine', async () => {
    on.fake.addImage('vm', { type: 'virtual-machine' });
    on.fake.onExec(fakeGuest(() => 0));
    await build({ image: 'vm', config: { instance: 'virtual-machine' } });
    const [creation] = creations();
    expect(creation?.type).toBe('virtual-machine');
    expect(creation?.devices['pk-build-work']).toMatchObject({ 'io.cache': 'metadata' });
    expect(JSON.stringify(creation)).not.toContain('shift');
  });

  it('that a project refuses for its shifted disks is a failure that names the setting', async () => {
    const refusal = 'The "shift" property cannot be used with a restricted source path';
    on.fake.faults.fail({ method: 'POST', path: '/1.0/instances' }, 400, refusal);
    const { outcome } = await build();
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'config' } });
    expect(JSON.stringify(outcome)).toContain('restricted.devices.disk.paths');
  });

  it('that remains makes the build a failure: something in it may go on writing', async () => {
    on.fake.onExec(
      fakeGuest(() => {
        on.fake.faults.fail({ method: 'DELETE', path: /instances/ }, 500, 'dataset is busy', 9);
        return 0;
      }),
    );
    const { outcome } = await build();
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'infrastructure' } });
    expect(JSON.stringify(outcome)).toContain('dataset is busy');
  });

  it('that is lost under the command is no verdict on the build', async () => {
    on.fake.onExec(
      fakeGuest(({ print, exec }) => {
        print('stdout', 'x\n');
        on.fake.stopInstance(exec.instance.name);
        return null;
      }),
    );
    const { outcome, printed, workDir } = await build({ dependencies: [await tool()] });
    expect(printed).toBe('x\n');
    expect(outcome).toMatchObject({
      ok: false,
      error: { kind: 'infrastructure', reason: 'the instance is stopped' },
    });
    expect(readdirSync(workDir)).toEqual([]);
    expect(on.fake.instances()).toEqual([]);
  });
});

describe('a build that is cancelled', () => {
  it('is asked to end, and its instance is gone then', async () => {
    const cancel = new AbortController();
    on.fake.onExec(
      fakeGuest(async ({ asked }) => {
        cancel.abort();
        await asked;
        return 143;
      }),
    );
    const { outcome } = await build({ command: { signal: cancel.signal } });
    expect(outcome).toMatchObject({ ok: true, value: { ending: 'cancelled' } });
    expect(on.fake.instances()).toEqual([]);
  });

  it('has its grace, and is not waited for any more when it is ended by force', async () => {
    const [cancel, force] = [new AbortController(), new AbortController()];
    on.fake.onExec(
      fakeGuest(async ({ asked }) => {
        cancel.abort();
        await asked;
        force.abort();
        return new Promise(() => undefined);
      }),
    );
    const { outcome } = await build({
      command: { signal: cancel.signal, force: force.signal },
      runtime: { graceSeconds: 3600 },
    });
    expect(outcome).toMatchObject({ ok: true, value: { ending: 'cancelled' } });
    expect(on.fake.instances()).toEqual([]);
    expect(on.filesRead()).toEqual([]);
  });

  it('by force does not wait for a guest that cannot give its files away', async () => {
    const force = new AbortController();
    on.fake.onExec(
      fakeGuest(() => {
        on.fake.faults.hold({ method: 'POST', path: /\/exec$/ });
        force.abort();
        return new Promise(() => undefined);
      }),
    );
    const { signal } = force;
    // Somebody who is not root; what there is belongs to them already.
    const owner = {
      uid: (process.getuid?.() ?? 0) || 1234,
      gid: (process.getgid?.() ?? 0) || 1234,
    };
    const { outcome, log } = await build({
      command: { signal, force: signal },
      runtime: { owner },
      before: (workDir) => {
        for (const directory of [workDir, join(workDir, '../payload/output')]) {
          chownSync(directory, owner.uid, owner.gid);
        }
      },
    });
    expect(outcome).toMatchObject({ ok: true, value: { ending: 'cancelled' } });
    expect(log.join('\n')).toContain('the guest could not give its files away');
    expect(on.fake.instances()).toEqual([]);
  });
});

describe('a build that is ended by force before its command runs', () => {
  it.each([
    ['its instance is created', { method: 'POST', path: '/1.0/instances' }],
    ['its instance is started', { method: 'PUT', path: /\/state$/ }],
    ['its guest is set up', { method: 'POST', path: /\/exec$/ }],
  ])('does not wait while %s, is cancelled, and leaves no instance', async (_, request) => {
    const [cancel, force] = [new AbortController(), new AbortController()];
    const held = on.fake.faults.hold(request);
    const building = build({ command: { signal: cancel.signal, force: force.signal } });
    await held.arrived;
    cancel.abort();
    force.abort();
    // The server never answers.
    const { outcome } = await building;
    expect(outcome).toEqual({
      ok: true,
      value: { ending: 'cancelled', exitCode: null, signal: null },
    });
    expect(on.fake.instances()).toEqual([]);
  });
});

describe('the output of a build', () => {
  it('comes once, whatever becomes of the connection', async () => {
    on.fake.onExec(
      fakeGuest(({ print, drop }) => {
        print('stdout', 'before\n');
        drop();
        print('stderr', 'meanwhile\n');
        return 7;
      }),
    );
    const { outcome, printed } = await build();
    expect(printed).toBe('before\nmeanwhile\n');
    expect(outcome).toMatchObject({ ok: true, value: { ending: 'exited', exitCode: 7 } });
  });
});

describe('what builds in a guest depend on', () => {
  const identify = async (image = 'tiny') =>
    createIncusBuildRuntime({
      config: incusRuntimeSchema.parse({}),
      socket: on.fake.socketPath,
      image,
      stateRoot: on.bench.stateRoot,
      runId: on.bench.runId,
    }).identify(new AbortController().signal);

  it('is the image that the alias names at the time, and the kind of instance', async () => {
    const before = await identify();
    const { fingerprint } = on.fake.addImage('tiny', { fingerprint: 'f'.repeat(64) });
    expect(await identify()).toEqual({
      ok: true,
      value: [
        { name: 'image', value: fingerprint },
        { name: 'instance', value: 'container' },
      ],
    });
    expect(before).not.toEqual(await identify());
  });

  it('cannot be told without the image', async () => {
    expect(await identify('none')).toMatchObject({ ok: false, error: { kind: 'infrastructure' } });
  });
});
