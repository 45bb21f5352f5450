import { Refusal, type FakeAnswer, type FakeRequest } from './answer.js';

/** A request that matched a route. */
export interface RoutedRequest extends FakeRequest {
  /** The path's variable segments by name. */
  readonly params: Readonly<Record<string, string>>;
  /** The project the request is about. */
  readonly project: string;
}

/** Answers the requests of a route; may throw a {@link Refusal}. */
export type Handler = (request: RoutedRequest) => FakeAnswer | Promise<FakeAnswer>;

/** Routes by `METHOD /path/:variable`. */
export type Routes = Readonly<Record<string, Handler>>;

/** Finds a request's handler; none is Incus' `not found`. */
export function route(
  routes: Routes,
  request: FakeRequest,
): () => FakeAnswer | Promise<FakeAnswer> {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  for (const [pattern, handler] of Object.entries(routes)) {
    const [wanted = '', path = ''] = pattern.split(' ');
    const params = wanted === method ? matchPath(path, request.path) : undefined;
    const project = request.query.get('project') ?? 'default';
    if (params) return () => handler({ ...request, params, project });
  }
  throw new Refusal(404, 'not found');
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = decodeURIComponent(given[index] ?? '');
    if (segment.startsWith(':')) params[segment.slice(1)] = value;
    else if (segment !== value) return undefined;
  }
  return params;
}
