import { startFakeCollector, type FakeCollector } from '@pikaci/testkit';
import type { Timer } from '@pikaci/model';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings } from '../settings/read-settings.js';
import type { ExportSettings } from '../settings/settings.js';
import { exportTrace, type ExportPorts } from './export-trace.js';
import type { TraceRequest } from './trace-request.js';

let collector: FakeCollector;
beforeEach(async () => {
  collector = await startFakeCollector();
});
afterEach(() => collector[Symbol.asyncDispose]());

function settingsFor(env: Record<string, string> = {}): ExportSettings {
  const read = readSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env });
  if (!read.ok || read.value === null) throw new Error('no settings');
  return read.value;
}

function traceOf(count: number): TraceRequest {
  const spans = Array.from({ length: count }, (_, index) => ({
    spanId: (index + 1).toString(16).padStart(16, '0'),
    parentSpanId: null,
    name: `span ${index}`,
    kind: 'internal' as const,
    startMs: index,
    endMs: index,
    attributes: {},
    error: null,
  }));
  return { traceId: '1'.repeat(32), resource: {}, scope: { name: 'pikaci', version: '1' }, spans };
}

/** A timer on which waits are over at once, but for the limit of the whole export. */
class QuickTimer implements Timer {
  readonly waits: number[] = [];
  readonly limitMs: number;

  constructor(limitMs: number) {
    this.limitMs = limitMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    if (delayMs === this.limitMs) return () => undefined;
    this.waits.push(delayMs);
    queueMicrotask(callback);
    return () => undefined;
  }
}

const quick = new QuickTimer(10_000);
const portsWith = (different: Partial<ExportPorts> = {}): ExportPorts => ({
  timer: quick,
  random: () => 1,
  signal: new AbortController().signal,
  ...different,
});

const reasonOf = (sent: Awaited<ReturnType<typeof exportTrace>>) =>
  sent.ok ? 'no failure' : sent.error.reason;

describe('exportTrace', () => {
  it('sends many spans in several requests, in order', async () => {
    expect(await exportTrace(settingsFor(), traceOf(1100), portsWith())).toEqual({
      ok: true,
      value: undefined,
    });
    expect(collector.requests.map(({ spans }) => spans.length)).toEqual([512, 512, 76]);
    expect(collector.spans.at(-1)?.name).toBe('span 1099');
  });

  it.each(['http/json', 'http/protobuf'])('compresses %s when asked', async (protocol) => {
    const env = { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip', OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
    await exportTrace(settingsFor(env), traceOf(2), portsWith());
    expect(collector.requests[0]?.headers['content-encoding']).toBe('gzip');
    expect(collector.spans).toHaveLength(2);
  });

  it('sends again what cannot be taken just now, after longer and longer waits, or when it is told', async () => {
    const timer = new QuickTimer(10_000);
    collector.answers.push(
      { status: 503 },
      { status: 429, headers: { 'retry-after': '3' } },
      { status: 502 },
      { status: 504 },
    );
    const sent = await exportTrace(settingsFor(), traceOf(1), portsWith({ timer }));
    expect(sent.ok).toBe(true);
    expect(collector.requests).toHaveLength(5);
    expect(timer.waits).toEqual([250, 3000, 1000, 2000]);
  });

  it.each([400, 401, 404, 500, 307])(
    'does not send again what is answered with %i',
    async (status) => {
      collector.answers.push({ status });
      const sent = await exportTrace(settingsFor(), traceOf(1), portsWith());
      expect(reasonOf(sent)).toBe(`it answered ${status}`);
      expect(collector.requests).toHaveLength(1);
    },
  );

  it('does not wait for a moment that comes after the limit', async () => {
    collector.answers.push({ status: 503, headers: { 'retry-after': '60' } });
    const sent = await exportTrace(settingsFor(), traceOf(1), portsWith());
    expect(reasonOf(sent)).toBe('it answered 503');
  });

  it('says so when some spans were not taken', async () => {
    const body = JSON.stringify({ partialSuccess: { rejectedSpans: 1, errorMessage: 'too old' } });
    collector.answers.push({ status: 200, body });
    const settings = settingsFor({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
    expect(reasonOf(await exportTrace(settings, traceOf(2), portsWith()))).toBe(
      'it rejected 1 spans: too old',
    );
  });

  it('ends at the limit while it waits to send again', async () => {
    let atLimit: () => void = () => undefined;
    const timer: Timer = {
      after: (delayMs, callback) => {
        if (delayMs === 10_000) atLimit = callback;
        else queueMicrotask(() => atLimit());
        return () => undefined;
      },
    };
    collector.answers.push({ status: 503 });
    const sent = await exportTrace(settingsFor(), traceOf(1), portsWith({ timer }));
    expect(reasonOf(sent)).toBe('it did not take it within 10000 ms');
  });

  it('ends when nobody wants to wait, also before it began', async () => {
    const given = new AbortController();
    collector.onHeld = () => given.abort();
    const ports = portsWith({ signal: given.signal });
    for (const requests of [1, 1]) {
      const sent = await exportTrace(settingsFor(), traceOf(1), ports);
      expect(reasonOf(sent)).toBe('it was not waited for any longer');
      expect(collector.requests).toHaveLength(requests);
    }
  });

  it('guesses that a port is that of another protocol', async () => {
    const settings = settingsFor({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://256.0.0.1.invalid:4317' });
    const sent = await exportTrace(settings, traceOf(1), portsWith());
    expect(sent).toMatchObject({
      error: { hint: 'Port 4317 is mostly that of gRPC; 4318 is that of HTTP.' },
    });
  });
});

describe('a collector with a certificate of its own', () => {
  const openssl = hasOpenssl();
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'pikaci-otlp-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it.skipIf(!openssl)(
    'is trusted with the file that the variable names, and only then',
    async () => {
      const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
      const asked = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
      execFileSync('openssl', [...asked, '-nodes', '-keyout', key, '-out', cert, ...subject], {
        stdio: 'ignore',
      });
      const server = createServer(
        { key: readFileSync(key), cert: readFileSync(cert) },
        (_, response) => response.end(),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
      const refused = await exportTrace(settingsFor(env), traceOf(1), portsWith());
      expect(reasonOf(refused)).toMatch(/self-signed/);
      const trusting = settingsFor({ ...env, OTEL_EXPORTER_OTLP_CERTIFICATE: cert });
      expect(await exportTrace(trusting, traceOf(1), portsWith())).toMatchObject({ ok: true });
      const missing = settingsFor({
        ...env,
        OTEL_EXPORTER_OTLP_CERTIFICATE: join(directory, 'no'),
      });
      expect(reasonOf(await exportTrace(missing, traceOf(1), portsWith()))).toMatch(/ENOENT/);
      await new Promise((resolve) => server.close(resolve));
    },
  );
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
