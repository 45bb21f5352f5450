import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ExportSettings, TlsFiles } from '../settings/settings.js';

/** What a collector answered. */
export interface CollectorAnswer {
  readonly status: number;
  readonly body: Buffer;
  /** In seconds; null: it did not say when to try again. */
  readonly retryAfterSeconds: number | null;
}

const contentTypes = {
  'http/json': 'application/json',
  'http/protobuf': 'application/x-protobuf',
} as const;

/** Posts one request over a connection of its own. Rejects when there is no answer. */
export async function post(
  { url, protocol, headers, gzip: isCompressed, tls }: ExportSettings,
  body: Buffer,
  options: { readonly userAgent: string; readonly signal: AbortSignal },
): Promise<CollectorAnswer> {
  const sent = isCompressed ? await promisify(gzip)(body) : body;
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const files = await readTlsFiles(tls);
  return new Promise((resolve, reject) => {
    const posted = request(url, {
      ...files,
      method: 'POST',
      agent: false,
      signal: options.signal,
      headers: {
        'user-agent': options.userAgent,
        ...headers,
        'content-type': contentTypes[protocol],
        'content-length': sent.length,
        ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
      },
    });
    posted.once('error', reject);
    posted.once('response', (response) => {
      const { statusCode = 0, headers: answered } = response;
      const seconds = Number(answered['retry-after'] ?? Number.NaN);
      const retryAfterSeconds = Number.isNaN(seconds) ? null : Math.max(0, seconds);
      buffer(response).then(
        (read) => resolve({ status: statusCode, body: read, retryAfterSeconds }),
        reject,
      );
    });
    posted.end(sent);
  });
}

async function readTlsFiles(tls: TlsFiles): Promise<Record<string, Buffer>> {
  const named = { ca: tls.certificate, cert: tls.clientCertificate, key: tls.clientKey };
  const files: Record<string, Buffer> = {};
  for (const [name, path] of Object.entries(named)) {
    if (path !== undefined) files[name] = await readFile(path);
  }
  return files;
}
