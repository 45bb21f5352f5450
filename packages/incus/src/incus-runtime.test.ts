import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeGuest } from './fixtures/fake-guest.js';
import { useFakeIncus } from './fixtures/on-fake-incus.js';

const on = useFakeIncus();

describe('the instance of a job', () => {
  it('is created by one request that holds every device, in order, all read-only', async () => {
    on.fake.onExec(fakeGuest(() => 0));
    const payloads = [
      await on.bench.payload({
        id: 'deps',
        files: { f: '' },
        mounts: [{ name: 'tree', relativePath: '.', workspacePath: 'node_modules' }],
      }),
      await on.bench.payload({
        id: 'tool',
        files: { f: '' },
        mounts: [{ name: 'root', relativePath: '.', guestPath: '/opt/tool' }],
      }),
    ];
    const job = await on.run({ payloads, config: { limits: { cpu: 2, memory: '1GiB' } } });
    expect(job.outcome.verdict).toBe('passed');
    const creations = on.fake.requests.filter(
      ({ method, path }) => method === 'POST' && path === '/1.0/instances',
    );
    expect(creations).toHaveLength(1);
    const body = JSON.parse(creations[0]!.body.toString()) as {
      devices: Record<string, Record<string, string>>;
      config: Record<string, string>;
    };
    const disk = (source: string, path: string) => ({
      type: 'disk',
      source,
      path,
      readonly: 'true',
    });
    expect(Object.entries(body.devices)).toEqual([
      [
        'pk-snapshot',
        { ...disk(join(on.bench.stateRoot, 'snapshot'), '/workspace/snapshot'), shift: 'true' },
      ],
      ['pk-deps-tree', disk(payloads[0]!.storePath, '/pikaci/payloads/deps/tree')],
      ['pk-tool-root', disk(payloads[1]!.storePath, '/opt/tool')],
    ]);
    expect(body.config).toMatchObject({
      'user.pikaci.run-id': on.bench.runId,
      'user.pikaci.job-id': 'probe',
      'security.privileged': 'false',
      'limits.cpu': '2',
      'limits.memory': '1GiB',
    });
    expect(on.fake.requests.some(({ method }) => method === 'PATCH')).toBe(false);
  });

  it('is gone when the runtime is closed', async () => {
    on.fake.onExec(fakeGuest(() => 0));
    expect((await on.run()).left).toEqual([]);
    expect(on.fake.instances()).toEqual([]);
  });

  it('is left alone when it is another one of the same name by then', async () => {
    on.fake.onExec(
      fakeGuest(({ exec }) => {
        exec.instance.definition.config['volatile.uuid'] = 'another';
        return 0;
      }),
    );
    const job = await on.run();
    expect(job.outcome.verdict).toBe('passed');
    expect(job.left).toEqual([`Instance ${on.name} is not this run's any more and was left alone`]);
    expect(on.fake.instances()).toHaveLength(1);
  });

  it('is removed after a start that failed, and the failure holds the lines of its low-level log', async () => {
    on.fake.failNextStart(['conf - conf.c:mount:1 - Failed to mount "/x"'], on.name);
    const job = await on.run();
    expect(job.outcome.failure).toMatchObject({
      kind: 'infrastructure',
      message: 'Incus could not start the instance',
      reason: expect.stringContaining('Failed to mount "/x"') as string,
    });
    expect(job.left).toEqual([]);
    expect(on.fake.instances()).toEqual([]);
  });

  it('is removed although it is busy for a while', async () => {
    on.fake.onExec(
      fakeGuest(() => {
        on.fake.faults.busy(on.name, 2);
        return 0;
      }),
    );
    expect((await on.run()).left).toEqual([]);
    expect(on.fake.instances()).toEqual([]);
  });

  it('that cannot be removed is reported, and the verdict stands', async () => {
    on.fake.onExec(
      fakeGuest(() => {
        on.fake.faults.fail({ method: 'DELETE', path: /instances/ }, 500, 'dataset is busy', 9);
        return 0;
      }),
    );
    const job = await on.run();
    expect(job.outcome.verdict).toBe('passed');
    expect(job.left[0]).toContain('dataset is busy');
  });
});

describe('the output of a job', () => {
  it('is fetched from the guest when exec loses it', async () => {
    on.fake.onExec(
      fakeGuest(({ print }) => {
        print('stdout', 'one\n');
        print('stderr', 'two\n');
        return 0;
      }),
    );
    on.fake.loseExecOutput(1);
    const job = await on.run();
    expect(job.log.split('\n').sort().join('\n').trim()).toBe('one\ntwo');
  });

  it('goes on where it was when the connection is cut, without a byte lost or doubled', async () => {
    on.fake.onExec(
      fakeGuest(({ print, drop }) => {
        print('stdout', 'before\n');
        drop();
        print('stdout', 'meanwhile\n');
        return 7;
      }),
    );
    const job = await on.run();
    expect(job.log).toBe('before\nmeanwhile\n');
    expect(job.outcome).toMatchObject({ exitCode: 7, failure: { kind: 'job' } });
  });

  it('is written anew when bytes were lost in the middle', async () => {
    on.fake.onExec(
      fakeGuest(({ print, exec }) => {
        print('stdout', 'whole\n');
        // What arrived is not what the file holds.
        exec.stdout('xx');
        const file = exec.instance.files.hostPath('/var/lib/pikaci/output/stdout');
        appendFileSync(file, 'yy');
        return 0;
      }),
    );
    const job = await on.run();
    expect(job.log).toBe('whole\nyy');
    expect(job.outcome.notes[0]).toContain('Output was lost on the way');
  });
});

describe('what is no fault of the job', () => {
  it('is a guest that stops under the command: infrastructure, never a red job', async () => {
    on.fake.onExec(
      fakeGuest(({ print }) => {
        print('stdout', 'x\n');
        on.fake.stopInstance(on.name);
        return null;
      }),
    );
    const job = await on.run();
    expect(job.outcome).toMatchObject({
      verdict: 'failed',
      exitCode: null,
      failure: { kind: 'infrastructure', reason: 'the instance is stopped' },
    });
    expect(job.log).toBe('x\n');
  });

  it('is an instance that somebody else deleted', async () => {
    on.fake.onExec(
      fakeGuest(() => {
        on.fake.removeInstance(on.name);
        return null;
      }),
    );
    const job = await on.run();
    expect(job.outcome.failure).toMatchObject({
      kind: 'infrastructure',
      reason: 'the instance does not exist any more',
    });
  });

  it('is a server that does not come back', async () => {
    on.fake.onExec(
      fakeGuest(async () => {
        await on.fake.powerOff();
        return null;
      }),
    );
    const job = await on.run();
    expect(job.outcome.failure?.kind).toBe('infrastructure');
  });

  it('is a setup that fails in the guest, with its own words', async () => {
    on.fake.onExec((exec) => {
      exec.stderr('pikaci-setup: mount tree is missing\n').exit(97);
    });
    const job = await on.run();
    expect(job.outcome.failure).toMatchObject({
      kind: 'infrastructure',
      reason: 'pikaci-setup: mount tree is missing',
    });
    expect(on.fake.instances()).toEqual([]);
  });

  it('but a command that kills itself with 137 is one of the job', async () => {
    on.fake.onExec(fakeGuest(() => 137));
    expect((await on.run()).outcome).toMatchObject({ exitCode: 137, failure: { kind: 'job' } });
  });
});

describe('the files of the guest contract', () => {
  it('are written on the host, under the keys of earlier records', async () => {
    on.fake.onExec(fakeGuest(() => 3));
    const job = await on.run();
    const read = async (file: string) =>
      JSON.parse(await readFile(join(job.artifactsDir, file), 'utf8')) as unknown;
    expect(await read('result.json')).toEqual({
      schema_version: 1,
      status: 'failed',
      finished_at: expect.stringMatching(/\+00:00$/) as string,
      message: 'exited with 3',
      exit_code: 3,
    });
    expect(await read('status.json')).toMatchObject({ state: 'failed' });
  });
});

describe('a job that is cancelled', () => {
  it('before it has an instance never gets one', async () => {
    const job = await on.run({ signal: AbortSignal.abort() });
    expect(job.outcome.failure?.kind).toBe('cancelled');
    expect(on.fake.requests.some(({ method }) => method === 'POST')).toBe(false);
  });

  it('while its instance is being created leaves none', async () => {
    const cancel = new AbortController();
    const held = on.fake.faults.hold({ method: 'POST', path: '/1.0/instances' });
    const running = on.run({ signal: cancel.signal });
    await held.arrived;
    cancel.abort();
    held.release();
    expect((await running).outcome.failure?.kind).toBe('cancelled');
    expect(on.fake.instances()).toEqual([]);
  });
});
