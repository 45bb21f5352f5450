import { validateHeaderName, validateHeaderValue } from 'node:http';
import { fail, ok, type Outcome } from '@pikaci/model';
import { parseTraceparent, type Traceparent } from '../trace/traceparent.js';
import { readEndpoint } from './endpoint.js';
import { exporterVariable, variable, type Environment } from './environment.js';
import { parseKeyValues } from './key-values.js';
import { protocols, type ExportSettings, type Protocol, type TlsFiles } from './settings.js';

/** The default of the specification. */
const usualTimeoutMs = 10_000;

/** A timeout of more than this is none: a timer cannot wait longer. */
const longestTimeoutMs = 2 ** 31 - 1;

/**
 * What the `OTEL_*` variables ask for. Fails, with the variable that is wrong, rather than send spans elsewhere or otherwise
 * than was meant. Values of headers are never part of a failure.
 *
 * @returns null when the trace that the environment goes on with is one that is not kept
 */
export function readSettings(env: Environment): Outcome<ExportSettings | null> {
  const parent = parseTraceparent(variable(env, 'TRACEPARENT') ?? '');
  if (parent !== null && !parent.sampled) return ok(null);
  const url = readEndpoint(env);
  if (!url.ok) return url;
  const protocol = readProtocol(env);
  if (!protocol.ok) return protocol;
  const headers = readHeaders(env);
  if (!headers.ok) return headers;
  const timeoutMs = readTimeout(env);
  if (!timeoutMs.ok) return timeoutMs;
  const gzip = readCompression(env);
  if (!gzip.ok) return gzip;
  const resource = readResource(env);
  if (!resource.ok) return resource;
  return ok({
    url: url.value,
    protocol: protocol.value,
    headers: headers.value,
    timeoutMs: timeoutMs.value,
    gzip: gzip.value,
    tls: readTlsFiles(env),
    resource: resource.value,
    parent: parentOf(parent),
  });
}

function parentOf(parent: Traceparent | null): ExportSettings['parent'] {
  return parent === null ? null : { traceId: parent.traceId, parentSpanId: parent.parentSpanId };
}

function readProtocol(env: Environment): Outcome<Protocol> {
  const asked = exporterVariable(env, 'PROTOCOL');
  if (asked === null) return ok('http/protobuf');
  const found = protocols.find((protocol) => protocol === asked.value);
  if (found !== undefined) return ok(found);
  return fail('config', `${asked.name}=${asked.value} is not a protocol that pikaci speaks`, {
    hint: `Set it to ${protocols.join(' or ')}; collectors take both at port 4318.`,
  });
}

function readHeaders(env: Environment): Outcome<ExportSettings['headers']> {
  const asked = exporterVariable(env, 'HEADERS');
  if (asked === null) return ok({});
  const headers = parseKeyValues(asked.value);
  const entries = Object.entries(headers ?? {});
  if (headers !== null && entries.every(([name, value]) => isHeader(name, value))) {
    return ok(Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value])));
  }
  return fail('config', `${asked.name} is not a list of headers`, {
    hint: 'Its form is name=value,name=value, with values that are percent-encoded.',
  });
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function readTimeout(env: Environment): Outcome<number> {
  const asked = exporterVariable(env, 'TIMEOUT');
  if (asked === null) return ok(usualTimeoutMs);
  const milliseconds = Number(asked.value);
  if (Number.isInteger(milliseconds) && milliseconds > 0) {
    return ok(Math.min(milliseconds, longestTimeoutMs));
  }
  return fail('config', `${asked.name}=${asked.value} is no number of milliseconds`);
}

function readCompression(env: Environment): Outcome<boolean> {
  const asked = exporterVariable(env, 'COMPRESSION');
  if (asked === null || asked.value === 'none') return ok(false);
  if (asked.value === 'gzip') return ok(true);
  return fail('config', `${asked.name}=${asked.value} is not known`, {
    hint: 'Set it to gzip or none.',
  });
}

function readTlsFiles(env: Environment): TlsFiles {
  const certificate = exporterVariable(env, 'CERTIFICATE');
  const clientCertificate = exporterVariable(env, 'CLIENT_CERTIFICATE');
  const clientKey = exporterVariable(env, 'CLIENT_KEY');
  return {
    ...(certificate === null ? {} : { certificate: certificate.value }),
    ...(clientCertificate === null ? {} : { clientCertificate: clientCertificate.value }),
    ...(clientKey === null ? {} : { clientKey: clientKey.value }),
  };
}

function readResource(env: Environment): Outcome<ExportSettings['resource']> {
  const given = parseKeyValues(variable(env, 'OTEL_RESOURCE_ATTRIBUTES') ?? '');
  if (given === null) {
    return fail('config', 'OTEL_RESOURCE_ATTRIBUTES is not a list of attributes', {
      hint: 'Its form is name=value,name=value, with values that are percent-encoded.',
    });
  }
  const name = variable(env, 'OTEL_SERVICE_NAME') ?? given['service.name'] ?? 'pikaci';
  return ok({ ...given, 'service.name': name });
}
