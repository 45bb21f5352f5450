/** The values of a query; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** Joins path segments under the API's version, each one escaped. */
export function apiPath(...segments: readonly string[]): string {
  return ['/1.0', ...segments.map(encodeURIComponent)].join('/');
}

/**
 * Adds query values to a path that may have a query already: paths the server hands out, such as
 * `/1.0/operations/ID?project=ci`, keep theirs. A value given here does not replace one that is there.
 */
export function withQuery(path: string, query: Query): string {
  const url = parse(path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && !url.searchParams.has(name))
      url.searchParams.set(name, String(value));
  }
  return url.pathname + url.search;
}

/** Appends a segment to a path before its query: gluing `/wait` behind `?project=ci` would read the operation instead. */
export function below(path: string, segment: string): string {
  const url = parse(path);
  return `${url.pathname}/${segment}${url.search}`;
}

/** The last segment of a path, such as the id in an operation's path. */
export function lastSegment(path: string): string {
  return decodeURIComponent(parse(path).pathname.split('/').at(-1) ?? '');
}

function parse(path: string): URL {
  return new URL(path, 'http://incus');
}
