import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startFakeIncus } from '@pikaci/testkit';
import { createIncusClient } from '../client.js';
import { valueOf } from '../contract/contract-server.js';
import { describeIncusError, type IncusError } from '../incus-error.js';

const server = { path: '/1.0' };

describe('connections when things break', () => {
  it('says that there is no socket, and that nothing was sent', async () => {
    const client = createIncusClient({ socketPath: '/no/such/incus.socket' });
    const result = await client.server();
    expect(result).toMatchObject({
      ok: false,
      error: { kind: 'connection', code: 'ENOENT', maybeReceived: false, request: 'GET /1.0' },
    });
    expect(await client.events(['lifecycle'], () => undefined)).toMatchObject({
      ok: false,
      error: { kind: 'connection', code: 'ENOENT' },
    });
  });

  it('says that nobody listens any more, and works again when somebody does', async () => {
    await using fake = await startFakeIncus();
    const client = createIncusClient({ socketPath: fake.socketPath });
    valueOf(await client.server());
    await fake.powerOff();
    expect(await client.server()).toMatchObject({ ok: false, error: { kind: 'connection' } });
    await fake.powerOn();
    valueOf(await client.server());
    client.close();
  });

  it('reads once more when a kept connection turns out to be dead', async () => {
    await using fake = await startFakeIncus();
    const client = createIncusClient({ socketPath: fake.socketPath });
    valueOf(await client.server());
    fake.faults.drop(server);
    valueOf(await client.server());
    expect(fake.requests.filter(({ path }) => path === '/1.0')).toHaveLength(3);
    client.close();
  });

  it('never repeats a change, since it may have had its effect', async () => {
    await using fake = await startFakeIncus();
    const client = createIncusClient({ socketPath: fake.socketPath });
    const { fingerprint } = valueOf(await client.images.getAlias('tiny'));
    fake.faults.drop({ method: 'POST', path: '/1.0/instances' }, 'after');
    const spec = { name: 'c', type: 'container', fingerprint } as const;
    expect(await client.instances.create(spec)).toMatchObject({
      ok: false,
      error: { kind: 'connection', maybeReceived: true },
    });
    expect(fake.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    await expect.poll(() => fake.instances().map(({ name }) => name)).toEqual(['c']);
    client.close();
  });

  it('gives an error value for an answer that breaks off, that never comes, and that makes no sense', async () => {
    await using fake = await startFakeIncus();
    const client = createIncusClient({ socketPath: fake.socketPath });
    fake.faults.drop(server, 'after-headers');
    expect(await client.server()).toMatchObject({ ok: false, error: { kind: 'connection' } });
    const held = fake.faults.hold(server);
    expect(await client.server({ timeoutMs: 30 })).toMatchObject({
      ok: false,
      error: { kind: 'timeout', timeoutMs: 30, request: 'GET /1.0' },
    });
    held.release();
    fake.serve('/1.0', { auth: 7 });
    expect(await client.server()).toMatchObject({ ok: false, error: { kind: 'protocol' } });
    client.close();
  });

  it('passes on what the server refuses, in its words', async () => {
    await using fake = await startFakeIncus();
    const client = createIncusClient({ socketPath: fake.socketPath });
    fake.faults.fail(server, 503, "Server isn't ready yet");
    const result = await client.server();
    expect(result).toMatchObject({ ok: false, error: { kind: 'api', status: 503 } });
    expect(result.ok ? '' : describeIncusError(result.error)).toBe(
      "GET /1.0: Incus refused it (503): Server isn't ready yet",
    );
    client.close();
  });

  it('tells subscribers of events that the stream ended', async () => {
    await using fake = await startFakeIncus();
    const client = createIncusClient({ socketPath: fake.socketPath });
    const subscription = valueOf(await client.events(['lifecycle'], () => undefined));
    fake.dropConnections();
    expect(await subscription.ended).toMatchObject({ kind: 'connection', code: 'CLOSED' });
    client.close();
  });

  it('reads anything else of the API', async () => {
    await using fake = await startFakeIncus();
    const client = createIncusClient({ socketPath: fake.socketPath });
    fake.serve('/1.0/profiles/default', { name: 'default' });
    const shape = z.object({ name: z.string() });
    expect(valueOf(await client.get('/1.0/profiles/default', shape))).toEqual({ name: 'default' });
    client.close();
  });

  it('describes every kind of error in one line', () => {
    const told = { message: 'why', request: 'GET /x' };
    const errors: IncusError[] = [
      { kind: 'connection', code: 'ENOENT', maybeReceived: false, ...told },
      { kind: 'api', status: 404, ...told },
      { kind: 'operation', operation: 'id', statusCode: 400, ...told },
      { kind: 'outcome-unknown', operation: 'id', ...told },
      { kind: 'timeout', timeoutMs: 5, ...told },
      { kind: 'aborted', ...told },
      { kind: 'protocol', ...told },
    ];
    for (const error of errors) expect(describeIncusError(error)).toMatch(/^GET \/x: .*why$/);
  });
});
