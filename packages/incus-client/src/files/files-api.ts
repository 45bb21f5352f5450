import type { Readable } from 'node:stream';
import type { CallOptions } from '../call-options.js';
import type { IncusResult } from '../incus-error.js';
import type { ChunkSink } from '../transport/read-body.js';
import type { FileMetadata, FileType } from './file-metadata.js';

/** What a path in a guest holds. */
export type FileContent =
  | (FileMetadata & { readonly type: 'file'; readonly content: Buffer })
  | (FileMetadata & { readonly type: 'directory'; readonly entries: readonly string[] })
  | (FileMetadata & { readonly type: 'symlink'; readonly target: string });

/** How to read a file piece by piece. */
export interface StreamOptions extends CallOptions {
  /** The first byte to read, counted from 0. Only what follows is sent over the wire. */
  readonly offset?: number | undefined;
}

/** A transfer that came to its end. */
export interface Transferred extends FileMetadata {
  /** Bytes given to the sink. */
  readonly bytes: number;
}

/** How to write a file. */
export interface WriteOptions extends CallOptions {
  /** `file` unless said otherwise. A directory that exists already is left as it is. */
  readonly type?: Exclude<FileType, 'symlink'> | undefined;
  /** For a new file; Incus leaves owner and rights of an existing one as they are. Default: root. */
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** For a new file, default `0o644`, or `0o755` for a directory. */
  readonly mode?: number | undefined;
  /** Adds to the end instead of replacing the content. */
  readonly append?: boolean | undefined;
}

/**
 * Files in a guest, running or stopped. This is the way to carry results: output of exec is lost now and then, files
 * read here were never (measured on 6.0.4). Missing files and missing parent directories are `api` errors 404.
 */
export interface FilesApi {
  /** Reads a file, a directory's entries or a link's target. */
  read(instance: string, path: string, options?: CallOptions): Promise<IncusResult<FileContent>>;
  /** What a path is, without its content. */
  stat(instance: string, path: string, options?: CallOptions): Promise<IncusResult<FileMetadata>>;
  /** The length of a file in bytes. */
  size(instance: string, path: string, options?: CallOptions): Promise<IncusResult<number>>;
  /**
   * Reads a file of any length piece by piece; the time limit is one of silence. An offset at or past the end gives no
   * bytes and is no error, so that a growing file can be followed.
   */
  stream(
    instance: string,
    path: string,
    sink: ChunkSink,
    options?: StreamOptions,
  ): Promise<IncusResult<Transferred>>;
  /** Writes a file or makes a directory. The parent directory must exist. */
  write(
    instance: string,
    path: string,
    content: string | Uint8Array | Readable,
    options?: WriteOptions,
  ): Promise<IncusResult<void>>;
  /** Deletes a file or an empty directory. */
  delete(instance: string, path: string, options?: CallOptions): Promise<IncusResult<void>>;
}
