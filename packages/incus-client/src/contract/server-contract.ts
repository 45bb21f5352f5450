import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isNotFound } from '../error-causes.js';
import { hasExtension } from '../server/server.js';
import { errorOf, valueOf, type ConnectToServer, type ContractServer } from './contract-server.js';

/** The server itself, images and operations. */
export function serverContract(connect: ConnectToServer): void {
  describe('server and images', () => {
    let server: ContractServer;
    beforeAll(async () => {
      server = await connect();
    });
    afterAll(() => server.close());

    it('describes itself and what it can do', async () => {
      const described = valueOf(await server.client.server());
      expect(described).toMatchObject({ auth: 'trusted', clustered: false, project: 'default' });
      expect(described.serverVersion).toMatch(/^\d+\.\d+/);
      expect(hasExtension(described, 'container_exec_recording')).toBe(true);
      expect(hasExtension(described, 'no_such_extension')).toBe(false);
    });

    it('resolves an image alias to a fingerprint', async () => {
      const alias = valueOf(await server.client.images.getAlias(server.image));
      expect(alias).toMatchObject({ name: server.image, type: 'container' });
      expect(alias.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    });

    it('refuses an alias that does not exist with 404', async () => {
      const error = errorOf(await server.client.images.getAlias('no-such-alias'));
      expect(error).toMatchObject({ kind: 'api', status: 404, message: 'Image alias not found' });
      expect(isNotFound(error)).toBe(true);
    });

    it('refuses an operation it does not know with 404', async () => {
      const path = '/1.0/operations/00000000-0000-4000-8000-000000000000';
      const error = errorOf(await server.client.get(path, z.unknown()));
      expect(error).toMatchObject({ kind: 'api', status: 404, message: 'Operation not found' });
    });

    it('refuses a filter it does not understand', async () => {
      const error = errorOf(await server.client.instances.list({ filter: 'bogus(' }));
      expect(error).toMatchObject({ kind: 'api', status: 400 });
    });
  });
}
