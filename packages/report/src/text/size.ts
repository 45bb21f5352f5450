const units = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes for people: `512 B`, `1.5 KiB`, `76.3 MiB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const steps = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** steps).toFixed(1)} ${units[steps - 1] ?? ''}`;
}
