import { raw, sync, type FakeAnswer } from './answer.js';
import type { FakeInstance } from './fake-instance.js';
import type { RoutedRequest, Routes } from './router.js';
import type { World } from './world.js';

/** Files in guests. */
export function fileRoutes(world: World): Routes {
  const named = ({ params, project }: RoutedRequest): FakeInstance =>
    world.get(params['name'] ?? '', project);
  const pathOf = ({ query }: RoutedRequest): string => query.get('path') ?? '';
  return {
    'GET /1.0/instances/:name/files': (request) =>
      read(named(request), pathOf(request), request.headers.range),
    'POST /1.0/instances/:name/files': (request) => {
      const header = (name: string): string | undefined => request.headers[name]?.toString();
      const type = header('x-incus-type') ?? 'file';
      const fallback = type === 'directory' ? '0755' : '0644';
      named(request).files.put(
        pathOf(request),
        type,
        request.body,
        header('x-incus-write') === 'append',
        {
          uid: Number(header('x-incus-uid') ?? 0),
          gid: Number(header('x-incus-gid') ?? 0),
          mode: Number.parseInt(header('x-incus-mode') ?? fallback, 8),
        },
      );
      return sync({});
    },
    'DELETE /1.0/instances/:name/files': (request) => {
      named(request).files.remove(pathOf(request));
      return sync({});
    },
  };
}

function read({ files }: FakeInstance, path: string, range: string | undefined): FakeAnswer {
  const stats = files.entry(path);
  const { uid, gid, mode } = files.attributes(path, stats);
  const type = stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'symlink' : 'file';
  const headers = {
    'x-incus-type': type,
    'x-incus-uid': String(uid),
    'x-incus-gid': String(gid),
    'x-incus-mode': mode.toString(8).padStart(4, '0'),
  };
  switch (type) {
    case 'directory':
      return sync(files.list(path), headers);
    case 'symlink':
      return raw(Buffer.from(files.target(path)), headers);
    case 'file':
      return ranged(files.readBytes(path), range, headers);
  }
}

/** The whole content, or the part a `Range: bytes=FROM-TO` asks for. An empty file is always sent as a whole. */
function ranged(
  content: Buffer,
  range: string | undefined,
  headers: Record<string, string>,
): FakeAnswer {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === undefined || content.length === 0) return raw(content, headers);
  const from = Number(first);
  const to = last === '' ? content.length - 1 : Math.min(Number(last), content.length - 1);
  if (from >= content.length) {
    const past = { ...headers, 'content-range': `bytes */${content.length}` };
    return raw(Buffer.from('invalid range: failed to overlap\n'), past, 416);
  }
  const part = { ...headers, 'content-range': `bytes ${from}-${to}/${content.length}` };
  return raw(content.subarray(from, to + 1), part, 206);
}
