import { fail, ok, type ArchivePayloadConfig, type Outcome } from '@pikaci/model';
import { open, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemErrorCode } from '@pikaci/host';
import {
  placedOutput,
  type BuildPlace,
  type BuiltOutput,
  type IdentifyRequest,
  type PayloadKind,
} from '../payload-kind.js';
import { endOfBuild } from './end-of-build.js';

type ArchiveRequest = IdentifyRequest<ArchivePayloadConfig>;

/**
 * A payload that is what an archive holds:
 * `{ kind: 'archive', source: 'vendor/tool.tar.gz', sha256: '<64 hex digits>', stripComponents: 1, mounts: [...] }`.
 *
 * Its key covers the digest and not the path, so the file is read only when the payload is not in the store.
 */
export const archiveKind: PayloadKind<ArchivePayloadConfig> = {
  manifestKind: 'archive_payload_v1',
  identify: (request) => {
    const { sha256, stripComponents } = request.payload;
    return Promise.resolve(
      ok({
        keyInputs: [
          { name: 'archive', value: `sha256 ${sha256}` },
          { name: 'stripComponents', value: `${stripComponents}` },
        ],
        snapshotInputs: null,
        build: (place) => unpack(request, place),
      }),
    );
  },
};

async function unpack(request: ArchiveRequest, place: BuildPlace): Promise<Outcome<BuiltOutput>> {
  const path = archivePath(request);
  if (!path.ok) return path;
  const file = await openArchive(request, path.value);
  if (!file.ok) return file;
  const { payloadId, payload } = request;
  const { sha256, stripComponents, timeoutSeconds } = payload;
  // Only here: what reads archives need not be loaded by those who have none, or have them in the store.
  const { unpackArchive } = await import('../archive/unpack-archive.js');
  const end = endOfBuild(request.signal, timeoutSeconds);
  const { signal } = end;
  const asked = { payloadId, path: path.value, sha256, stripComponents, signal };
  try {
    const unpacked = await unpackArchive(file.value, place.outputDir, asked);
    if (!unpacked.ok) return unpacked;
    const { strippedCount } = unpacked.value;
    if (strippedCount > 0) {
      place.log.line(`${strippedCount} files of the archive lie above what stripComponents leaves`);
    }
    return ok(placedOutput);
  } catch (error) {
    if (!signal.aborted) throw error;
    return end.failure(payloadId);
  } finally {
    await file.value.close();
    end.forget();
  }
}

function archivePath({ payloadId, payload, snapshot }: ArchiveRequest): Outcome<string> {
  const { source } = payload;
  if (!source.startsWith('file:')) return ok(resolve(snapshot.sourceRoot, source));
  try {
    return ok(fileURLToPath(source));
  } catch (error) {
    return fail('payload', `The source of payload "${payloadId}" is no URL of a file: ${source}`, {
      reason: error instanceof Error ? error.message : String(error),
      hint: 'Write file:/// and an absolute path.',
    });
  }
}

async function openArchive(
  { payloadId }: ArchiveRequest,
  path: string,
): Promise<Outcome<FileHandle>> {
  let reason: string;
  try {
    const file = await open(path);
    if ((await file.stat()).isFile()) return ok(file);
    await file.close();
    reason = 'it is no file';
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === null) throw error;
    reason = code === 'ENOENT' ? 'there is no such file' : String(error);
  }
  return fail('payload', `The archive of payload "${payloadId}" cannot be read: ${path}`, {
    location: { file: path },
    reason,
    hint: 'A relative source is relative to the workspace root.',
  });
}
