import { describe, expect, it } from 'vitest';
import { readSettings } from './read-settings.js';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

function settings(env: Record<string, string>) {
  const read = readSettings(env);
  if (!read.ok || read.value === null) throw new Error('no settings');
  return read.value;
}

function failureOf(env: Record<string, string>): string {
  const read = readSettings({ ...endpoint, ...env });
  return read.ok ? 'no failure' : read.error.message;
}

describe('readSettings', () => {
  it('has the defaults of the specification', () => {
    expect(settings(endpoint)).toEqual({
      url: new URL('http://collector:4318/v1/traces'),
      protocol: 'http/protobuf',
      headers: {},
      timeoutMs: 10_000,
      gzip: false,
      tls: {},
      resource: { 'service.name': 'pikaci' },
      parent: null,
    });
  });

  it.each([
    ['http://c:1/', 'http://c:1/v1/traces'],
    ['https://c/base/', 'https://c/base/v1/traces'],
    ['https://c/base?key=1', 'https://c/base/v1/traces?key=1'],
  ])('adds the path for traces to %s', (given, url) => {
    expect(settings({ OTEL_EXPORTER_OTLP_ENDPOINT: given }).url.href).toBe(url);
  });

  it('takes an endpoint for traces as it is, and before that for all', () => {
    const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://c/mine' };
    expect(settings({ ...endpoint, ...own }).url.href).toBe('https://c/mine');
  });

  it('takes what is said of traces before what is said of all signals', () => {
    const given = {
      ...endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '2',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'B = x%20y%2Cz , c=',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
      OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_CERTIFICATE: '/all.pem',
      OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: '/traces.pem',
      OTEL_EXPORTER_OTLP_CLIENT_KEY: '/key.pem',
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: '/cert.pem',
    };
    expect(settings(given)).toMatchObject({
      protocol: 'http/json',
      timeoutMs: 2,
      headers: { b: 'x y,z', c: '' },
      gzip: true,
      tls: { certificate: '/traces.pem', clientKey: '/key.pem', clientCertificate: '/cert.pem' },
    });
  });

  it('takes empty variables for variables that are not set', () => {
    const empty = { OTEL_EXPORTER_OTLP_PROTOCOL: '', OTEL_EXPORTER_OTLP_TIMEOUT: ' ' };
    expect(settings({ ...endpoint, ...empty })).toEqual(settings(endpoint));
  });

  it('takes the name of the service from its own variable first', () => {
    const resource = { OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,team=build%20farm' };
    expect(settings({ ...endpoint, ...resource }).resource).toEqual({
      'service.name': 'a',
      team: 'build farm',
    });
    const named = { ...resource, OTEL_SERVICE_NAME: 'b' };
    expect(settings({ ...endpoint, ...named }).resource['service.name']).toBe('b');
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /^OTEL_EXPORTER_OTLP_PROTOCOL=grpc is not/],
    [
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'collector:4317' },
      /^OTEL_EXPORTER_OTLP_TRACES_ENDPOINT/,
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'unix:/socket' }, /^OTEL_EXPORTER_OTLP_ENDPOINT is no URL/],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: '10s' }, /^OTEL_EXPORTER_OTLP_TIMEOUT=10s/],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: '0' }, /^OTEL_EXPORTER_OTLP_TIMEOUT=0/],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' }, /^OTEL_EXPORTER_OTLP_COMPRESSION=zstd/],
    [{ OTEL_RESOURCE_ATTRIBUTES: 'team' }, /^OTEL_RESOURCE_ATTRIBUTES/],
  ])('refuses %j, by the name of the variable', (env, message) => {
    expect(failureOf(env)).toMatch(message);
  });

  it.each(['token', 'a=%zz', 'a b=c', 'a=x%0Ay'])(
    'refuses the headers %j, and does not repeat them',
    (text) => {
      expect(failureOf({ OTEL_EXPORTER_OTLP_HEADERS: text })).toBe(
        'OTEL_EXPORTER_OTLP_HEADERS is not a list of headers',
      );
    },
  );

  it('goes on with the trace of TRACEPARENT, unless it is not kept', () => {
    const ids = '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7';
    expect(settings({ ...endpoint, TRACEPARENT: `00-${ids}-01` }).parent).toEqual({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      parentSpanId: '00f067aa0ba902b7',
    });
    expect(readSettings({ ...endpoint, TRACEPARENT: `00-${ids}-00` })).toEqual({
      ok: true,
      value: null,
    });
    expect(settings({ ...endpoint, TRACEPARENT: 'nonsense' }).parent).toBeNull();
  });
});
