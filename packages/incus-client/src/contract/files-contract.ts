import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isNotFound } from '../error-causes.js';
import {
  errorOf,
  freshName,
  startInstance,
  valueOf,
  type ConnectToServer,
  type ContractServer,
} from './contract-server.js';

/** Files in guests. */
export function filesContract(connect: ConnectToServer): void {
  describe('files', () => {
    let server: ContractServer;
    const name = freshName();
    beforeAll(async () => {
      server = await connect();
      await startInstance(server, name);
    });
    afterAll(async () => {
      valueOf(await server.client.instances.remove(name));
      await server.close();
    });

    it('writes and reads bytes as they are, with owner and rights', async () => {
      const { files } = server.client;
      const content = Buffer.from([0, 255, 10, 13, 0, 128]);
      valueOf(await files.write(name, '/root/bytes', content, { uid: 7, gid: 8, mode: 0o640 }));
      const read = valueOf(await files.read(name, '/root/bytes'));
      expect(read).toEqual({ type: 'file', uid: 7, gid: 8, mode: 0o640, content });
      expect(valueOf(await files.stat(name, '/root/bytes'))).toMatchObject({
        type: 'file',
        uid: 7,
        mode: 0o640,
      });
    });

    it('keeps owner and rights of a file that is written again', async () => {
      const { files } = server.client;
      valueOf(await files.write(name, '/root/kept', 'a', { mode: 0o600 }));
      valueOf(await files.write(name, '/root/kept', 'b', { mode: 0o644, uid: 5 }));
      const read = valueOf(await files.read(name, '/root/kept'));
      expect(read).toMatchObject({ uid: 0, mode: 0o600, content: Buffer.from('b') });
    });

    it('appends', async () => {
      const { files } = server.client;
      valueOf(await files.write(name, '/root/log', 'one\n'));
      valueOf(await files.write(name, '/root/log', 'two\n', { append: true }));
      expect(valueOf(await files.read(name, '/root/log'))).toMatchObject({
        content: Buffer.from('one\ntwo\n'),
      });
    });

    it('writes from a stream and reads from an offset to the end', async () => {
      const { files } = server.client;
      const content = randomBytes(3_000_000);
      valueOf(
        await files.write(
          name,
          '/root/big',
          Readable.from([content.subarray(0, 99), content.subarray(99)]),
        ),
      );
      expect(valueOf(await files.size(name, '/root/big'))).toBe(content.length);
      const chunks: Buffer[] = [];
      const sink = (chunk: Buffer): void => void chunks.push(chunk);
      const read = valueOf(await files.stream(name, '/root/big', sink, { offset: 1_000_001 }));
      expect(read).toMatchObject({ type: 'file', bytes: 1_999_999 });
      expect(Buffer.concat(chunks).equals(content.subarray(1_000_001))).toBe(true);
    });

    it('gives no bytes from an offset at the end, as one who follows a file asks for', async () => {
      const { files } = server.client;
      valueOf(await files.write(name, '/root/short', '12345'));
      const none = (): void => expect.fail('no bytes were to be expected');
      for (const offset of [5, 6])
        expect(valueOf(await files.stream(name, '/root/short', none, { offset })).bytes).toBe(0);
      valueOf(await files.write(name, '/root/empty', ''));
      expect(valueOf(await files.size(name, '/root/empty'))).toBe(0);
      expect(valueOf(await files.stream(name, '/root/empty', none)).bytes).toBe(0);
    });

    it('makes directories, lists them, and leaves existing ones alone', async () => {
      const { files } = server.client;
      const directory = { type: 'directory', mode: 0o750 } as const;
      valueOf(await files.write(name, '/root/d', '', directory));
      valueOf(await files.write(name, '/root/d/ä b?&', 'x'));
      valueOf(await files.write(name, '/root/d', '', { ...directory, mode: 0o700 }));
      const read = valueOf(await files.read(name, '/root/d'));
      expect(read).toMatchObject({ type: 'directory', mode: 0o750, entries: ['ä b?&'] });
      expect(valueOf(await files.read(name, '/root/d/ä b?&'))).toMatchObject({ type: 'file' });
    });

    it('answers 404 for a missing file and for a missing parent directory', async () => {
      const { files } = server.client;
      for (const result of [
        await files.read(name, '/root/missing'),
        await files.stat(name, '/root/missing'),
        await files.size(name, '/root/missing'),
        await files.stream(name, '/root/missing', () => undefined, { offset: 3 }),
        await files.write(name, '/root/missing/file', 'x'),
        await files.delete(name, '/root/missing'),
      ])
        expect(isNotFound(errorOf(result))).toBe(true);
    });

    it('deletes files and empty directories', async () => {
      const { files } = server.client;
      valueOf(await files.write(name, '/root/gone', '', { type: 'directory' }));
      valueOf(await files.write(name, '/root/gone/file', 'x'));
      expect(errorOf(await files.delete(name, '/root/gone')).message).toContain('not empty');
      valueOf(await files.delete(name, '/root/gone/file'));
      valueOf(await files.delete(name, '/root/gone'));
      expect(isNotFound(errorOf(await files.stat(name, '/root/gone')))).toBe(true);
    });

    it('refuses to stream a directory', async () => {
      const error = errorOf(await server.client.files.stream(name, '/root', () => undefined));
      expect(error).toMatchObject({ kind: 'protocol' });
    });
  });
}
