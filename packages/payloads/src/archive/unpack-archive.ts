import { fail, ok, quoteText, type Outcome } from '@pikaci/model';
import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { archiveFormat, formatBytes, type ArchiveFormat } from './archive-format.js';
import { BrokenArchive, readTarEntries } from './tar-entries.js';
import { createTreeWriter } from './tree-writer.js';
import { createZstdDecoder, zstdWindowProblem } from './zstd-decoder.js';

/** An archive to be unpacked. */
export interface ArchiveRequest {
  readonly payloadId: string;
  /** Absolute path of the archive, for messages. */
  readonly path: string;
  /** What its file must have as sha256: 64 hex digits. */
  readonly sha256: string;
  /** Directories that are taken from the beginning of each name. */
  readonly stripComponents: number;
  readonly signal: AbortSignal;
}

/** What came of an archive. */
export interface UnpackedArchive {
  /** Entries without any of their names left, which are in the archive and not in the directory. */
  readonly strippedCount: number;
}

/**
 * Unpacks a tar, plain or compressed with gzip or zstd, into an empty directory. Nothing of it is decoded before its
 * digest has been checked; it is checked once more of the bytes that were unpacked, as the file may change meanwhile.
 */
export async function unpackArchive(
  file: FileHandle,
  target: string,
  request: ArchiveRequest,
): Promise<Outcome<UnpackedArchive>> {
  const hash = createHash('sha256');
  await pipeline(file.createReadStream({ start: 0, autoClose: false }), hash, {
    signal: request.signal,
  });
  const actual = hash.digest('hex');
  if (actual !== request.sha256) return otherDigest(request, actual);
  const beginning = Buffer.alloc(formatBytes);
  const { bytesRead } = await file.read(beginning, 0, formatBytes, 0);
  const decoders = decodersFor(beginning.subarray(0, bytesRead));
  return decoders.ok
    ? unpackChecked(file, target, request, decoders.value)
    : refusal(request, decoders.problem);
}

async function unpackChecked(
  file: FileHandle,
  target: string,
  request: ArchiveRequest,
  decoders: readonly Transform[],
): Promise<Outcome<UnpackedArchive>> {
  const writer = createTreeWriter(target, request.stripComponents);
  const hash = createHash('sha256');
  const refused: Outcome<never>[] = [];
  try {
    const { signal } = request;
    const source = file.createReadStream({ start: 0, autoClose: false, signal });
    await readTarEntries(source, [hashing(hash), ...decoders], async (entry) => {
      const problem = await writer.place(entry);
      if (problem === null) return true;
      const name = quoteText(Buffer.from(entry.name, 'latin1').toString('utf8'));
      refused.push(refusal(request, `its entry ${name} ${problem}`));
      return false;
    });
  } catch (error) {
    if (!(error instanceof BrokenArchive)) throw error;
    return refusal(request, `it is damaged, or no tar: ${error.message}`);
  }
  if (refused[0] !== undefined) return refused[0];
  const actual = hash.digest('hex');
  if (actual !== request.sha256) return otherDigest(request, actual);
  if (writer.placedCount() === 0) return nothingLeft(request);
  return ok({ strippedCount: writer.strippedCount() });
}

function decodersFor(
  beginning: Uint8Array,
): { readonly ok: true; readonly value: Transform[] } | { readonly ok: false; problem: string } {
  const format: ArchiveFormat = archiveFormat(beginning);
  if ('unsupported' in format) {
    return {
      ok: false,
      problem: `it is ${format.unsupported}, and only tar, tar.gz and tar.zst are known`,
    };
  }
  switch (format.compression) {
    case 'none':
      return { ok: true, value: [] };
    case 'gzip':
      return { ok: true, value: [createGunzip()] };
    case 'zstd': {
      const problem = zstdWindowProblem(beginning);
      return problem === null ? { ok: true, value: [createZstdDecoder()] } : { ok: false, problem };
    }
  }
}

/** Passes everything on and digests it. */
function hashing(hash: Hash): Transform {
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

function otherDigest({ payloadId, path, sha256 }: ArchiveRequest, actual: string) {
  return fail('payload', `The archive of payload "${payloadId}" is not the declared one: ${path}`, {
    location: { file: path },
    reason: `its sha256 is ${actual}, and ${sha256} is expected`,
    hint: 'Put the right file there, or correct sha256 when this is the file that is meant.',
  });
}

function nothingLeft(request: ArchiveRequest): ReturnType<typeof fail> {
  const { stripComponents } = request;
  const hint =
    stripComponents === 0
      ? 'Put an archive there that holds something.'
      : `Lower stripComponents, which is ${stripComponents}: no name in it has that many directories.`;
  return refusal(request, 'nothing is left of it to unpack', hint);
}

const otherwise =
  'Make the archive anew without it, or unpack it with a command payload that does what is needed.';

function refusal(
  { payloadId, path }: ArchiveRequest,
  reason: string,
  hint = otherwise,
): ReturnType<typeof fail> {
  return fail('payload', `The archive of payload "${payloadId}" cannot be unpacked: ${path}`, {
    location: { file: path },
    reason,
    hint,
  });
}
