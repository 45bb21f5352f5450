import { err, ok } from '@pikaci/model';
import { z } from 'zod';
import type { IncusError, IncusResult } from '../incus-error.js';

const envelopeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('sync'), metadata: z.unknown() }),
  z.object({ type: z.literal('async'), operation: z.string(), metadata: z.unknown() }),
  z.object({ type: z.literal('error'), error: z.string(), error_code: z.number() }),
]);

/** The frame every JSON answer of the API comes in, unless it reports an error. */
export type Envelope =
  | { readonly type: 'sync'; readonly metadata: unknown }
  | { readonly type: 'async'; readonly operation: string; readonly metadata: unknown };

/** Takes an answer out of its frame; an error frame becomes an `api` error. */
export function openEnvelope(status: number, body: Buffer, request: string): IncusResult<Envelope> {
  const parsed = envelopeSchema.safeParse(parseJson(body));
  if (!parsed.success) return err(strangeAnswer(status, body, request));
  if (parsed.data.type !== 'error') return ok(parsed.data);
  const { error, error_code: code } = parsed.data;
  return err({ kind: 'api', status: code, message: error, request });
}

/** Checks a value of the server against a schema. */
export function check<T>(schema: z.ZodType<T>, value: unknown, request: string): IncusResult<T> {
  const parsed = schema.safeParse(value);
  return parsed.success
    ? ok(parsed.data)
    : err({ kind: 'protocol', request, message: z.prettifyError(parsed.error) });
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function strangeAnswer(status: number, body: Buffer, request: string): IncusError {
  const start = body.toString('utf8', 0, 200);
  return status >= 400
    ? { kind: 'api', status, message: start.trim() || `HTTP ${status}`, request }
    : { kind: 'protocol', request, message: `HTTP ${status}: ${start}` };
}
