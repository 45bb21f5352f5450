import { systemFailure } from '@pikaci/host';
import { fail, ok, snapshotMarkerName, type Outcome } from '@pikaci/model';
import { printablePath } from '@pikaci/paths';
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';

/** What of a directory is hashed. */
export interface ContentHashRequest {
  readonly dir: string;
  /** Whether an entry counts, by its name and the number of directories above it. All do unless given. */
  readonly keeps?: (name: string, depth: number) => boolean;
  /** A path relative to `dir` that does not count: the state root. */
  readonly excluded?: string | null;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The `content_hash` of the earlier record format: sha256 over all entries, depth first, those of a directory in the
 * order of their names' bytes. Of each: kind, NUL, path, NUL; then a link's target and NUL, or a file's bytes and NUL.
 * Modes are no part of it. The marker at the top is skipped. Files are streamed, so memory does not grow with them.
 */
export async function contentHashV1(request: ContentHashRequest): Promise<Outcome<string>> {
  const hash = createHash('sha256');
  try {
    const problem = await addDirectory({ ...request, hash }, { path: null, depth: 0 });
    return problem ?? ok(hash.digest('hex'));
  } catch (error) {
    if (request.signal?.aborted === true) return cancelled();
    return systemFailure(`The content of ${request.dir} cannot be read`, error);
  }
}

interface Walk extends ContentHashRequest {
  readonly hash: Hash;
}

interface Place {
  /** Relative to the root; null for the root itself. */
  readonly path: Buffer | null;
  readonly depth: number;
}

type Problem = ReturnType<typeof fail>;

async function addDirectory(walk: Walk, { path, depth }: Place): Promise<Problem | null> {
  const names = await readdir(absolute(walk, path), { encoding: 'buffer' });
  for (const name of names.sort((a, b) => Buffer.compare(a, b))) {
    if (walk.signal?.aborted === true) return cancelled();
    const below = path === null ? name : Buffer.concat([path, slash, name]);
    if (!counts(walk, name, below, depth)) continue;
    const problem = await addEntry(walk, below, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

function counts(walk: Walk, name: Buffer, path: Buffer, depth: number): boolean {
  if (depth === 0 && name.toString() === snapshotMarkerName) return false;
  if (walk.excluded != null && path.equals(Buffer.from(walk.excluded))) return false;
  return walk.keeps?.(name.toString(), depth) ?? true;
}

async function addEntry(walk: Walk, path: Buffer, depth: number): Promise<Problem | null> {
  const { hash } = walk;
  const found = await lstat(absolute(walk, path));
  const begin = (kind: string) => hash.update(`${kind}\0`).update(path).update(nul);
  if (found.isDirectory()) {
    begin('dir');
    return addDirectory(walk, { path, depth });
  }
  if (found.isSymbolicLink()) {
    begin('symlink')
      .update(await readlink(absolute(walk, path), 'buffer'))
      .update(nul);
    return null;
  }
  if (!found.isFile()) {
    return fail('snapshot', `unsupported filesystem entry: ${printablePath(path)}`, {
      reason: 'it is a pipe, a socket or a device, and the content hash has no word for those',
      hint: 'Remove it, or use the snapshot hash of the current version, which leaves it out.',
    });
  }
  begin('file');
  for await (const chunk of createReadStream(absolute(walk, path))) hash.update(chunk as Buffer);
  hash.update(nul);
  return null;
}

function absolute(walk: Walk, path: Buffer | null): Buffer {
  const dir = Buffer.from(walk.dir);
  return path === null ? dir : Buffer.concat([dir, slash, path]);
}

const slash = Buffer.from('/');
const nul = Buffer.from([0]);

const cancelled = (): Problem => fail('cancelled', 'The hashing was cancelled');
