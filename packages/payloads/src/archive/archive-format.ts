/** How an archive is compressed, told by its first bytes; a name of something else that cannot be unpacked. */
export type ArchiveFormat =
  { readonly compression: 'none' | 'gzip' | 'zstd' } | { readonly unsupported: string };

/** As many bytes as it takes to tell all formats. */
export const formatBytes = 18;

const unsupported: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ['a bzip2 file', [0x42, 0x5a, 0x68]],
  ['an xz file', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['a zip file', [0x50, 0x4b, 0x03, 0x04]],
  ['a 7z file', [0x37, 0x7a, 0xbc, 0xaf]],
];

/** Tells the format from the beginning of a file, whatever its name. What has no mark of its own is taken for a tar. */
export function archiveFormat(beginning: Uint8Array): ArchiveFormat {
  if (startsWith(beginning, [0x1f, 0x8b])) return { compression: 'gzip' };
  if (startsWith(beginning, [0x28, 0xb5, 0x2f, 0xfd]) || isSkippableFrame(beginning)) {
    return { compression: 'zstd' };
  }
  const other = unsupported.find(([, magic]) => startsWith(beginning, magic));
  return other === undefined ? { compression: 'none' } : { unsupported: other[0] };
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

/** What parallel compressors put before zstd's frames (RFC 8878, 3.1.2). */
function isSkippableFrame(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & 0xf0) === 0x50 && startsWith(bytes.subarray(1), [0x2a, 0x4d, 0x18]);
}
