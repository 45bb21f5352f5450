import type { IncomingHttpHeaders } from 'node:http';

/** What a path in a guest is. */
export type FileType = 'file' | 'directory' | 'symlink';

/** Owner and rights of a file in a guest, as the guest sees them. */
export interface FileMetadata {
  readonly type: FileType;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, for example `0o644`. */
  readonly mode: number;
}

/** Reads the metadata from the headers of an answer; undefined when they are not those of a file. */
export function fileMetadata(headers: IncomingHttpHeaders): FileMetadata | undefined {
  const type = headers['x-incus-type'];
  if (type !== 'file' && type !== 'directory' && type !== 'symlink') return undefined;
  const uid = Number(headers['x-incus-uid']);
  const gid = Number(headers['x-incus-gid']);
  const mode = Number.parseInt(String(headers['x-incus-mode']), 8) & 0o7777;
  return [uid, gid, mode].every(Number.isInteger) ? { type, uid, gid, mode } : undefined;
}

/** What of a file's metadata is given when it is written. */
type WrittenMetadata = { readonly [Key in keyof FileMetadata]?: FileMetadata[Key] | undefined };

/** The headers that give a file to be written its type, owner and rights. */
export function metadataHeaders(metadata: WrittenMetadata): Record<string, string> {
  const { type = 'file', uid, gid, mode } = metadata;
  return {
    'x-incus-type': type,
    ...(uid === undefined ? {} : { 'x-incus-uid': String(uid) }),
    ...(gid === undefined ? {} : { 'x-incus-gid': String(gid) }),
    ...(mode === undefined ? {} : { 'x-incus-mode': mode.toString(8).padStart(4, '0') }),
  };
}

/** The size of the whole file behind a partial answer (`bytes 4-9/10`, or a bytes range past the end: `bytes *`+`/10`). */
export function totalSize(headers: IncomingHttpHeaders): number | undefined {
  const [, total] = /^bytes (?:\d+-\d+|\*)\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
  return total === undefined ? undefined : Number(total);
}
