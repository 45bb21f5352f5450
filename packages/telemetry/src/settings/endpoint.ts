import { fail, ok, type Outcome } from '@pikaci/model';
import { variable, type Environment } from './environment.js';

const ofTraces = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
const ofAll = 'OTEL_EXPORTER_OTLP_ENDPOINT';

/** The path that is added to an endpoint for all signals; one for traces is taken as it is. */
const tracesPath = 'v1/traces';

/** Where traces go to. Fails for what is no URL that can be posted to. */
export function readEndpoint(env: Environment): Outcome<URL> {
  const own = variable(env, ofTraces);
  if (own !== null) return parseUrl(ofTraces, own);
  const parsed = parseUrl(ofAll, variable(env, ofAll) ?? '');
  if (!parsed.ok) return parsed;
  const url = new URL(parsed.value);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${tracesPath}`;
  return ok(url);
}

function parseUrl(name: string, text: string): Outcome<URL> {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return ok(url);
  return fail('config', `${name} is no URL that begins with http:// or https://`, {
    hint: `Set it to the address of a collector, such as ${name}=http://localhost:4318.`,
  });
}

/** An address as it may be shown: neither what stands before an @ nor a query, which may be secrets. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
