import { extract, type ExtractEvents, type Header } from 'tar-stream';
import { pipeline } from 'node:stream/promises';
import type { Readable, Writable } from 'node:stream';

/** What an entry of an archive is. */
export type TarEntryType =
  'file' | 'directory' | 'symlink' | 'link' | 'device' | 'fifo' | 'unknown';

/** An entry of an archive. Its names are in latin1: one character for each byte. */
export interface TarEntry {
  readonly name: string;
  /** The extended header of the entry holds bytes that are no UTF-8: its names cannot be known. */
  readonly isGarbled: boolean;
  readonly type: TarEntryType;
  /** Target of a link; empty for other entries. */
  readonly target: string;
  readonly mode: number;
  /** Null when the archive has none that makes sense. */
  readonly modifiedAt: Date | null;
  readonly content: AsyncIterable<Uint8Array>;
}

/** What is wrong with the bytes of an archive. */
export class BrokenArchive extends Error {}

/** An entry as the parser hands it out. */
type Source = ExtractEvents['entry'][1];

const types: Readonly<Record<string, TarEntryType>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'directory',
  symlink: 'symlink',
  link: 'link',
  'character-device': 'device',
  'block-device': 'device',
  fifo: 'fifo',
};

/**
 * Reads the entries of a tar, in their order, and hands each to `use` before the next is read. No more of the archive
 * is in memory than what is being worked on.
 *
 * @param use says whether to go on
 * @throws BrokenArchive when the bytes are no tar, or not all of one; and what the source or `use` threw
 */
export async function readTarEntries(
  source: Readable,
  decoders: readonly Writable[],
  use: (entry: TarEntry) => Promise<boolean>,
): Promise<void> {
  // Of tar-stream's options its types know none.
  const options: object = { filenameEncoding: 'latin1', allowUnknownFormat: true };
  const parser = extract(options);
  const streams = [source, ...decoders, parser as unknown as Writable];
  const fed = pipeline(streams as unknown as [Readable, Writable]).then(
    () => null,
    (error: unknown) => error,
  );
  try {
    for await (const entry of parser) {
      if (!(await use(tarEntry(entry)))) return;
      entry.resume();
    }
    const failed = await fed;
    if (failed !== null) throw asBroken(failed, failed);
  } catch (error) {
    if (error instanceof BrokenArchive) throw error;
    parser.destroy();
    // Who feeds the parser knows better than the parser why nothing more comes.
    throw asBroken((await fed) ?? error, error);
  } finally {
    parser.destroy();
    source.destroy();
    await fed;
  }
}

function tarEntry(source: Source): TarEntry {
  const { header } = source;
  return {
    name: latin1(header.name, paxText(header, 'path')),
    isGarbled: ['path', 'linkpath'].some((key) => paxText(header, key)?.includes('\ufffd')),
    type: isSparse(header) ? 'unknown' : (types[header.type] ?? 'unknown'),
    target: latin1(header.linkname, paxText(header, 'linkpath')),
    mode: header.mode,
    modifiedAt: Number.isFinite(header.mtime.getTime()) ? header.mtime : null,
    content: source as unknown as AsyncIterable<Uint8Array>,
  };
}

/** Names that came from extended headers are decoded already, as UTF-8. */
function latin1(name: string | null, extended: string | null): string {
  if (name === null) return '';
  return extended === name ? Buffer.from(name, 'utf8').toString('latin1') : name;
}

function paxText(header: Header, key: string): string | null {
  const found = (header.pax as Readonly<Record<string, string>> | null | undefined)?.[key];
  return found ?? null;
}

/** The content of GNU's sparse files is not what the file holds. */
function isSparse(header: Header): boolean {
  return Object.keys((header.pax as object | null | undefined) ?? {}).some((key) =>
    key.startsWith('GNU.sparse.'),
  );
}

function asBroken(cause: unknown, thrown: unknown): unknown {
  // Errors of the system have the name of a call: those are none of the archive's.
  const ofTheSystem = [thrown, cause].find(
    (error) => error instanceof Error && ('syscall' in error || error.name === 'AbortError'),
  );
  if (ofTheSystem !== undefined) return ofTheSystem;
  const words = cause instanceof Error ? cause.message : String(cause);
  return new BrokenArchive(isEarlyEnd(cause) ? 'it ends too early' : words, { cause });
}

function isEarlyEnd(error: unknown): boolean {
  return error instanceof Error && /unexpected end|unexpected EOF/i.test(error.message);
}
