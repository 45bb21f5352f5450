import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  isAlreadyInState,
  isEtagMismatch,
  isInstanceNotRunning,
  isInstanceRunning,
  isNotFound,
} from '../error-causes.js';
import { definitionOf } from '../instances/instance-spec.js';
import {
  errorOf,
  freshName,
  startInstance,
  valueOf,
  type ConnectToServer,
  type ContractServer,
} from './contract-server.js';

/** Starting, changing, stopping and deleting instances. */
export function lifeContract(connect: ConnectToServer): void {
  describe('the life of an instance', () => {
    let server: ContractServer;
    const name = freshName();
    const disk = (path: string): Record<string, Record<string, string>> => ({
      data: { type: 'disk', source: server.hostDirectory, path, readonly: 'true' },
    });
    beforeAll(async () => {
      server = await connect();
    });
    afterEach(async () => valueOf(await server.client.instances.remove(name)));
    afterAll(() => server.close());

    it('shows the source of a disk device in the guest from the start', async () => {
      await startInstance(server, name, disk('/mnt/data'));
      const { instances, files } = server.client;
      expect(valueOf(await instances.get(name)).status).toBe('Running');
      const state = valueOf(await instances.getState(name));
      expect(state.status).toBe('Running');
      expect(state.pid).toBeGreaterThan(0);
      const file = valueOf(await files.read(name, '/mnt/data/hello'));
      expect(file.type === 'file' && file.content.toString()).toBe('from the host');
    });

    it('has a socket on the host for a proxy device from the start, which it leaves behind', async () => {
      const directory = await mkdtemp(join(tmpdir(), 'contract-'));
      const socket = join(directory, '0.sock');
      const proxy = {
        ...{ type: 'proxy', bind: 'host', mode: '0600' },
        ...{ listen: `unix:${socket}`, connect: 'tcp:127.0.0.1:1' },
      };
      await startInstance(server, name, { proxy });
      await access(socket);
      valueOf(await server.client.instances.setState(name, { action: 'stop', force: true }));
      await access(socket);
      await rm(directory, { recursive: true });
    });

    it('attaches a device to a running instance and takes it away again', async () => {
      await startInstance(server, name);
      const { instances, files } = server.client;
      valueOf(await instances.patch(name, { devices: disk('/mnt/hot') }));
      expect(valueOf(await files.size(name, '/mnt/hot/hello'))).toBe('from the host'.length);
      const { etag, ...instance } = valueOf(await instances.get(name));
      const without = { ...definitionOf(instance), devices: {} };
      valueOf(await instances.replace(name, without, { etag }));
      expect(valueOf(await instances.get(name)).devices).toEqual({});
      expect(isNotFound(errorOf(await files.read(name, '/mnt/hot/hello')))).toBe(true);
    });

    it('merges configuration, and refuses a change made from an older state', async () => {
      await startInstance(server, name);
      const { instances } = server.client;
      valueOf(await instances.patch(name, { config: { 'user.a': '1' } }));
      const before = valueOf(await instances.get(name));
      valueOf(await instances.patch(name, { config: { 'user.b': '2' } }));
      expect(valueOf(await instances.get(name)).config).toMatchObject({
        'user.a': '1',
        'user.b': '2',
      });
      const late = await instances.replace(name, definitionOf(before), { etag: before.etag });
      expect(isEtagMismatch(errorOf(late))).toBe(true);
    });

    it('says so when an instance is already in the state asked for', async () => {
      await startInstance(server, name);
      const { instances } = server.client;
      expect(isAlreadyInState(errorOf(await instances.setState(name, { action: 'start' })))).toBe(
        true,
      );
      valueOf(await instances.setState(name, { action: 'stop', force: true }));
      const again = await instances.setState(name, { action: 'stop', force: true });
      expect(isAlreadyInState(errorOf(again))).toBe(true);
    });

    it('deletes a stopped instance only, and then it is gone', async () => {
      await startInstance(server, name);
      const { instances, exec } = server.client;
      const early = errorOf(await instances.delete(name));
      expect(early).toMatchObject({ kind: 'api', status: 400 });
      expect(isInstanceRunning(early)).toBe(true);
      valueOf(await instances.setState(name, { action: 'stop', force: true }));
      const late = await exec(name, { command: ['true'] });
      expect(isInstanceNotRunning(errorOf(late))).toBe(true);
      valueOf(await instances.delete(name));
      expect(isNotFound(errorOf(await instances.get(name)))).toBe(true);
    });

    it('deletes an ephemeral instance when it stops', async () => {
      const { client, image } = server;
      const { fingerprint } = valueOf(await client.images.getAlias(image));
      const spec = { name, type: 'container', fingerprint, ephemeral: true, start: true } as const;
      valueOf(await client.instances.create(spec));
      valueOf(await client.instances.setState(name, { action: 'stop', force: true }));
      await expect
        .poll(async () => (await client.instances.get(name)).ok, { timeout: 5_000 })
        .toBe(false);
    });

    it('explains a failed start by the low-level log', async () => {
      const { client, image } = server;
      const { fingerprint } = valueOf(await client.images.getAlias(image));
      // The path leads through a link of the image, which a mount at start may not.
      const devices = disk('/var/run/data');
      valueOf(await client.instances.create({ name, type: 'container', fingerprint, devices }));
      const error = errorOf(await client.instances.setState(name, { action: 'start' }));
      expect(error).toMatchObject({ kind: 'operation', statusCode: 400 });
      expect(error.message).toContain('forkstart');
      const causes = valueOf(await client.instances.explainStartFailure(name));
      expect(causes).toContain('Failed to setup mount entries');
      // The server calls it stopped and running at once for a while; removing it works all the same.
      valueOf(await client.instances.remove(name));
      expect(isNotFound(errorOf(await client.instances.get(name)))).toBe(true);
    });

    it('removes an instance in any state, but none that only has the name', async () => {
      await startInstance(server, name);
      const { instances } = server.client;
      const uuid = '00000000-0000-4000-8000-000000000000';
      valueOf(await instances.remove(name, { uuid }));
      expect(valueOf(await instances.get(name)).status).toBe('Running');
      valueOf(await instances.remove(name, { uuid: valueOf(await instances.get(name)).uuid }));
      expect(isNotFound(errorOf(await instances.get(name)))).toBe(true);
      valueOf(await instances.remove(name));
    });

    it('tells subscribers what happens to instances', async () => {
      const actions: unknown[] = [];
      const subscription = valueOf(
        await server.client.events(['lifecycle'], ({ metadata }) => {
          if (String(metadata['source']).includes(name)) actions.push(metadata['action']);
        }),
      );
      await startInstance(server, name);
      const all = ['instance-created', 'instance-started'];
      await expect.poll(() => actions, { timeout: 5_000 }).toEqual(expect.arrayContaining(all));
      subscription.close();
      expect(await subscription.ended).toBeUndefined();
    });
  });
}
