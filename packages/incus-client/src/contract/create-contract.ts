import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isDiskSourceMissing, isImageMissing, isNameTaken, isNotFound } from '../error-causes.js';
import type { IncusError } from '../incus-error.js';
import type { InstanceSpec } from '../instances/instance-spec.js';
import {
  errorOf,
  freshName,
  valueOf,
  type ConnectToServer,
  type ContractServer,
} from './contract-server.js';

/** Creating instances, and what creating refuses. */
export function createContract(connect: ConnectToServer): void {
  describe('creating instances', () => {
    let server: ContractServer;
    let fingerprint: string;
    const name = freshName();
    beforeAll(async () => {
      server = await connect();
      fingerprint = valueOf(await server.client.images.getAlias(server.image)).fingerprint;
    });
    afterEach(async () => valueOf(await server.client.instances.remove(name)));
    afterAll(() => server.close());

    const create = (
      spec: Partial<InstanceSpec> = {},
    ): ReturnType<ContractServer['client']['instances']['create']> =>
      server.client.instances.create({ name, type: 'container', fingerprint, ...spec });

    const refusal = async (spec: Partial<InstanceSpec>): Promise<IncusError> => {
      const error = errorOf(await create(spec));
      const list = valueOf(await server.client.instances.list());
      // Nothing may be left behind, or a second attempt would meet it.
      expect(list.map((instance) => instance.name)).not.toContain(spec.name ?? name);
      return error;
    };

    it('creates a stopped instance with its configuration, devices and an id of its own', async () => {
      const disk = { type: 'disk', source: server.hostDirectory, path: '/mnt/data' };
      const config = { 'user.owner': 'contract' };
      valueOf(await create({ config, devices: { data: { ...disk, readonly: 'true' } } }));
      const instance = valueOf(await server.client.instances.get(name));
      expect(instance).toMatchObject({
        name,
        type: 'container',
        status: 'Stopped',
        profiles: ['default'],
      });
      expect(instance.config).toMatchObject(config);
      expect(instance.devices).toEqual({ data: { ...disk, readonly: 'true' } });
      expect(Object.keys(instance.expandedDevices).sort()).toEqual(['data', 'root']);
      expect(instance.uuid).toMatch(/^[0-9a-f-]{36}$/);
      expect(instance.etag).toMatch(/^[0-9a-f]{64}$/);
    });

    it('gives an instance of the same name another id', async () => {
      valueOf(await create());
      const first = valueOf(await server.client.instances.get(name)).uuid;
      valueOf(await server.client.instances.delete(name));
      valueOf(await create());
      expect(valueOf(await server.client.instances.get(name)).uuid).not.toBe(first);
    });

    it('refuses a name that is taken', async () => {
      valueOf(await create());
      const error = errorOf(await create());
      expect(error).toMatchObject({ kind: 'operation', statusCode: 400 });
      expect(isNameTaken(error)).toBe(true);
    });

    it('refuses a disk device whose source does not exist, and leaves nothing behind', async () => {
      const devices = { data: { type: 'disk', source: '/no/such/source', path: '/mnt/data' } };
      const error = await refusal({ devices });
      expect(error).toMatchObject({ kind: 'operation' });
      expect(isDiskSourceMissing(error)).toBe(true);
      expect(error.message).toContain('"/no/such/source"');
    });

    it('refuses an image that does not exist', async () => {
      expect(isImageMissing(await refusal({ fingerprint: '0'.repeat(64) }))).toBe(true);
    });

    it('refuses an image of another type', async () => {
      const error = await refusal({ type: 'virtual-machine' });
      expect(error.message).toContain(`doesn't match instance type "virtual-machine"`);
    });

    it('refuses a name with an underscore before it starts anything', async () => {
      expect(await refusal({ name: 'not_valid' })).toMatchObject({ kind: 'api', status: 400 });
    });

    it('refuses a profile that does not exist', async () => {
      const error = await refusal({ profiles: ['no-such-profile'] });
      expect(error.message).toContain(`Requested profile "no-such-profile" doesn't exist`);
    });

    it('lists instances by a key of their configuration', async () => {
      valueOf(await create({ config: { 'user.contract': name } }));
      const filter = `config.user.contract eq ${name}`;
      const found = valueOf(await server.client.instances.list({ filter }));
      expect(found.map((instance) => instance.name)).toEqual([name]);
      expect(valueOf(await server.client.instances.list({ filter: `${filter}x` }))).toEqual([]);
    });

    it('answers 404 for an instance that does not exist, whatever is asked of it', async () => {
      const { instances, files, exec } = server.client;
      const missing = 'no-such-instance';
      for (const result of [
        await instances.get(missing),
        await instances.delete(missing),
        await instances.setState(missing, { action: 'start' }),
        await instances.log(missing, 'lxc.log'),
        await files.read(missing, '/root'),
        await exec(missing, { command: ['true'] }),
      ])
        expect(isNotFound(errorOf(result))).toBe(true);
    });
  });
}
