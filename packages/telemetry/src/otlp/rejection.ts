import type { Protocol } from '../settings/settings.js';

/** What a collector took of a request, as far as it says that it did not take all. */
interface PartialSuccess {
  readonly rejectedSpans?: unknown;
  readonly errorMessage?: unknown;
}

/** Why a collector that answered with success did not take all spans; null: it did, or does not say in JSON. */
export function readRejection(protocol: Protocol, body: Buffer): string | null {
  if (protocol !== 'http/json') return null;
  const { rejectedSpans = 0, errorMessage = '' } = parsed(body)?.partialSuccess ?? {};
  const count = Number(rejectedSpans);
  if (!(count > 0)) return null;
  const why = typeof errorMessage === 'string' && errorMessage !== '' ? `: ${errorMessage}` : '';
  return `it rejected ${count} spans${why}`;
}

function parsed(body: Buffer): { readonly partialSuccess?: PartialSuccess | null } | null {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
