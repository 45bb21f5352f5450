import { createIncusClient } from '@pikaci/incus-client';
import type { JobSecretValue } from '@pikaci/model';
import { instanceName } from '@pikaci/paths';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIncusWorkbench, labSettings, type IncusWorkbench } from './fixtures/incus-job.js';
import { incusRequest } from './fixtures/incus-request.js';

const profile = `pikaci-test-net-${process.pid}`;
const project = `pikaci-test-restricted-${process.pid}`;
let bench: IncusWorkbench;

beforeAll(async () => {
  bench = await createIncusWorkbench();
  await bench.snapshotFile('src/hello.txt', 'hello\n');
  const devices = { eth0: { type: 'nic', nictype: 'p2p', name: 'eth0' } };
  await incusRequest('POST', '/1.0/profiles', { name: profile, devices });
  await incusRequest('POST', '/1.0/projects', {
    name: project,
    config: {
      'features.images': 'false',
      'features.profiles': 'true',
      restricted: 'true',
      'restricted.devices.disk': 'allow',
      'restricted.devices.disk.paths': bench.stateRoot,
    },
  });
  await incusRequest('PUT', `/1.0/profiles/default?project=${project}`, {
    devices: { root: { type: 'disk', path: '/', pool: 'default' } },
  });
});
afterAll(async () => {
  await incusRequest('DELETE', `/1.0/profiles/${profile}`);
  await incusRequest('DELETE', `/1.0/projects/${project}`);
  await bench[Symbol.asyncDispose]();
});

describe('a guest', () => {
  it('has ids of its own, which no other container of the server has', async () => {
    // None of them goes away before the other one is there: what nobody has any more is given out again.
    const client = createIncusClient({ socketPath: labSettings().socket });
    const ids = ['one', 'two'];
    const begun = new Set<string>();
    const run = (id: string) => {
      const onOutput = () => {
        begun.add(id);
        if (begun.size < ids.length) return;
        for (const each of ids) {
          void client.files.write(instanceName(bench.runId, each), '/go-on', '');
        }
      };
      return bench.run('cat /proc/self/uid_map; until [ -e /go-on ]; do sleep 0.1; done', {
        id,
        onOutput,
      });
    };
    const maps = await Promise.all(ids.map(run));
    client.close();
    const starts = maps.map(({ log }) => log.trim().split(/\s+/));
    expect(starts.map(([inside, , count]) => [inside, count])).toEqual([
      ['0', '65536'],
      ['0', '65536'],
    ]);
    expect(starts[0]?.[1]).not.toBe(starts[1]?.[1]);
  });

  it('has no interface when its job is to have no network, whatever the profiles give', async () => {
    const config = { profiles: ['default', profile] };
    const interfaces = 'ls /sys/class/net | grep -v -e tunl -e gre -e sit -e erspan -e vti | sort';
    const [usual, none] = await Promise.all([
      bench.run(interfaces, { id: 'network', config }),
      bench.run(interfaces, { id: 'no-network', config, job: { network: 'none' } }),
    ]);
    expect(usual.log).toBe('eth0\nlo\n');
    expect(none.log).toBe('lo\n');
  });

  it('gives secrets to its job alone', async () => {
    const id = 'secrets';
    const secrets: JobSecretValue[] = [
      { secret: 'TOKEN', name: 'TOKEN', as: 'env', value: 'hunter2-env' },
      { secret: 'KEY', name: 'KEY_FILE', as: 'file', value: 'hunter2-file' },
    ];
    const client = createIncusClient({ socketPath: labSettings().socket });
    let seen = null as Promise<unknown> | null;
    const job = await bench.run(
      'echo ready; cat "$KEY_FILE"; echo; stat -c "%a %u" "$KEY_FILE"; stat -f -c %T "$KEY_FILE"; echo "$TOKEN"; until [ -e /go-on ]; do sleep 0.1; done',
      {
        id,
        job: { user: '1000' },
        execution: { secrets },
        onOutput: () => {
          const name = instanceName(bench.runId, id);
          seen ??= client.instances.get(name).finally(() => client.files.write(name, '/go-on', ''));
        },
      },
    );
    client.close();
    expect(job.log).toBe('ready\nhunter2-file\n400 1000\ntmpfs\nhunter2-env\n');
    expect(await seen).toMatchObject({ ok: true });
    expect(JSON.stringify(await seen)).not.toMatch(/hunter2|environment\./);
  });
});

describe('a disk of the guest that its job has filled', () => {
  it('is the fault of the job, whose end can be told all the same', async () => {
    // A pool of plain directories knows no sizes: then nothing is full, and the job fails all the same.
    const root = { type: 'disk', path: '/', pool: 'default', size: '30MiB' };
    await incusRequest('PUT', `/1.0/profiles/${profile}`, { devices: { root } });
    const job = await bench.run(
      'cd /home; i=0; while [ $i -lt 60 ] && head -c 1000000 /dev/urandom >f$i; do i=$((i+1)); done 2>/dev/null; exit 7',
      { id: 'full', config: { profiles: [profile] } },
    );
    expect(job.outcome).toMatchObject({ exitCode: 7, failure: { kind: 'job' } });
  });
});

describe('a job in a restricted project', () => {
  it('runs on a copy that it may change, and the record says so', async () => {
    const modules = await bench.payload({
      id: 'modules',
      files: { 'dep/index.txt': 'dependency\n' },
      mounts: [{ name: 'tree', relativePath: '.', workspacePath: 'node_modules' }],
    });
    const tool = await bench.payload({
      id: 'tool',
      files: { 'bin/say': '#!/bin/sh\necho said "$@"\n' },
      mounts: [{ name: 'root', relativePath: '.', guestPath: '/opt/tool', addToPath: ['bin'] }],
    });
    const job = await bench.run(
      'set -e; cat src/hello.txt node_modules/dep/index.txt; say yes; echo new >src/hello.txt; rm -rf /opt/tool/bin; echo x >/opt/tool/x; touch node_modules/x 2>/dev/null || echo refused; cat src/hello.txt',
      { id: 'restricted', config: { project }, payloads: [modules, tool], overlays: ['tool'] },
    );
    expect(job.outcome).toMatchObject({ failure: null, verdict: 'passed' });
    expect(job.log).toBe('hello\ndependency\nsaid yes\nrefused\nnew\n');
    expect(job.outcome.notes).toEqual([
      `Project "${project}" refuses shifted disks (restricted.devices.disk.paths): what the job may write to was copied in the guest`,
    ]);
    expect(job.left).toEqual([]);
  });

  it('has services only where proxies are allowed, and is told how they are', async () => {
    const web = {
      ...{ name: 'web', image: null, env: {}, port: 8080, readyCommand: null },
      ...{ readyTimeoutSeconds: 60 },
      command:
        'mkdir www && echo served >www/index.html && exec busybox httpd -f -p 127.0.0.1:8080 -h www',
    };
    const command = 'busybox wget -q -O - http://127.0.0.1:8080/';
    const options = { config: { project }, job: { services: [web] } };
    const refused = await bench.run(command, { id: 'refused', ...options });
    expect(refused.outcome.failure).toMatchObject({
      kind: 'config',
      hint: `Allow it: incus project set ${project} restricted.devices.proxy=allow`,
    });
    const config = { 'restricted.devices.proxy': 'allow' };
    await incusRequest('PATCH', `/1.0/projects/${project}`, { config });
    const allowed = await bench.run(command, { id: 'allowed', ...options });
    expect(allowed.outcome).toMatchObject({ failure: null, services: [{ state: 'stopped' }] });
    expect(allowed.log).toBe('served\n');
    expect(allowed.left).toEqual([]);
  });
});
