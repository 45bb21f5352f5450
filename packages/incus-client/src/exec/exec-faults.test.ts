import { describe, expect, it } from 'vitest';
import { startFakeIncus, type FakeIncus } from '@pikaci/testkit';
import { createIncusClient, type IncusClient } from '../client.js';
import { valueOf } from '../contract/contract-server.js';

const waitPath = /\/wait$/;

async function withRunningGuest(
  test: (fake: FakeIncus, client: IncusClient) => Promise<void>,
): Promise<void> {
  await using fake = await startFakeIncus();
  const client = createIncusClient({ socketPath: fake.socketPath });
  const { fingerprint } = valueOf(await client.images.getAlias('tiny'));
  valueOf(
    await client.instances.create({ name: 'c', type: 'container', fingerprint, start: true }),
  );
  await test(fake, client);
  client.close();
}

describe('exec when things break', () => {
  const command = ['work'];

  it('connects the control stream before the others are asked for', () =>
    withRunningGuest(async (fake, client) => {
      const ran = client.exec('c', { command });
      (await fake.nextExec()).exit(0);
      valueOf(await ran);
      const posted = fake.requests.find(({ path }) => path.endsWith('/exec'));
      expect(posted?.body.toString()).toContain('"wait-for-websocket":true');
      const streams = fake.requests.filter(({ path }) => path.endsWith('/websocket'));
      expect(streams).toHaveLength(4);
      expect(new Set(streams.map(({ query }) => query.get('secret'))).size).toBe(4);
    }));

  it('gives an error value when all connections are cut under the command', () =>
    withRunningGuest(async (fake, client) => {
      const ran = client.exec('c', { command });
      (await fake.nextExec()).stdout('begun');
      fake.dropConnections();
      // Incus kills a command whose streams are gone; its 137 is not the command's own end.
      expect(await ran).toMatchObject({ ok: false, error: { kind: 'connection', code: 'CLOSED' } });
    }));

  it('gives an error value when the streams are lost and the operation goes on for ever', () =>
    withRunningGuest(async (fake, client) => {
      const ran = client.exec('c', { command });
      (await fake.nextExec()).drop();
      expect(await ran).toMatchObject({ ok: false, error: { kind: 'connection' } });
    }));

  it('gives an error value when the machine loses power', () =>
    withRunningGuest(async (fake, client) => {
      const ran = client.exec('c', { command });
      await fake.nextExec();
      await fake.powerOff();
      expect((await ran).ok).toBe(false);
    }));

  it('goes on when waiting for the operation breaks off after its headers', () =>
    withRunningGuest(async (fake, client) => {
      fake.faults.drop({ path: waitPath }, 'after-headers');
      const ran = client.exec('c', { command });
      const exec = await fake.nextExec();
      exec.stdout('all');
      exec.exit(5);
      expect(valueOf(await ran)).toEqual({ returnCode: 5, outputComplete: true });
    }));

  it('waits for the output that comes after the operation ended', () =>
    withRunningGuest(async (fake, client) => {
      const chunks: string[] = [];
      const ran = client.exec(
        'c',
        { command },
        { onStdout: (chunk) => void chunks.push(chunk.toString()) },
      );
      const exec = await fake.nextExec();
      for (let i = 0; i < 200; i++) exec.stdout(`${i}\n`);
      exec.exit(0);
      expect(valueOf(await ran).outputComplete).toBe(true);
      expect(chunks.join('')).toBe(Array.from({ length: 200 }, (_, i) => `${i}\n`).join(''));
    }));

  it('reads no more of a stream than one read brings while its listener has not taken that', () =>
    withRunningGuest(async (fake, client) => {
      const takers: (() => void)[] = [];
      let bytes = 0;
      const onStdout = (chunk: Buffer): Promise<void> => {
        bytes += chunk.length;
        return new Promise<void>((resolve) => takers.push(resolve));
      };
      const ran = client.exec('c', { command }, { onStdout });
      const exec = await fake.nextExec();
      const turn = () => new Promise(setImmediate);
      const piece = Buffer.alloc(10_000);
      for (let i = 0; i < 1000; i += 1) exec.stdout(piece);
      while (bytes === 0) await turn();
      for (let i = 0; i < 50; i += 1) await turn();
      expect(bytes).toBeLessThan(300_000);
      exec.exit(0);
      // What was read at once is taken one after another: the next read comes after the last of them.
      while (bytes < 1000 * piece.length) {
        const before = bytes;
        takers.shift()?.();
        await turn();
        expect(bytes - before).toBeLessThan(300_000);
      }
      for (const take of takers) take();
      expect(valueOf(await ran)).toEqual({ returnCode: 0, outputComplete: true });
    }));

  it('says that the outcome is unknown when the operation is forgotten', () =>
    withRunningGuest(async (fake, client) => {
      const held = fake.faults.hold({ path: waitPath });
      const ran = client.exec('c', { command });
      await fake.nextExec();
      await held.arrived;
      fake.forgetOperations();
      held.release();
      expect(await ran).toMatchObject({ ok: false, error: { kind: 'outcome-unknown' } });
    }));

  it('reports a stream the server refuses', () =>
    withRunningGuest(async (fake, client) => {
      fake.faults.drop({ path: /\/websocket$/ });
      expect(await client.exec('c', { command })).toMatchObject({
        ok: false,
        error: { kind: 'connection' },
      });
    }));

  it('reports 137 of an instance that was stopped, for the caller to look into', () =>
    withRunningGuest(async (fake, client) => {
      const ran = client.exec('c', { command });
      await fake.nextExec();
      fake.stopInstance('c');
      expect(valueOf(await ran).returnCode).toBe(137);
    }));

  it('ends with an error value when its input cannot be read', () =>
    withRunningGuest(async (fake, client) => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('a');
        throw new Error('disk on fire');
      }
      const ran = client.exec('c', { command }, { stdin: broken() });
      const error = { kind: 'aborted', message: expect.stringContaining('disk on fire') as string };
      expect(await ran).toMatchObject({ ok: false, error });
      expect(await (await fake.nextExec()).killed).toBe('client-gone');
    }));

  it('does not start at all when the caller gave up before', () =>
    withRunningGuest(async (fake, client) => {
      const before = fake.requests.length;
      const ran = await client.exec('c', { command }, { signal: AbortSignal.abort() });
      expect(ran).toMatchObject({ ok: false, error: { kind: 'aborted' } });
      expect(fake.requests).toHaveLength(before);
    }));

  it('notices output that Incus lost on the way only by its absence', () =>
    withRunningGuest(async (fake, client) => {
      fake.loseExecOutput();
      let bytes = 0;
      const ran = client.exec(
        'c',
        { command },
        { onStdout: (chunk) => void (bytes += chunk.length) },
      );
      (await fake.nextExec()).stdout('lost').exit(0);
      expect(valueOf(await ran).returnCode).toBe(0);
      expect(bytes).toBe(0);
    }));
});
