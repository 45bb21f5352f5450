/** A duration for people: `870ms`, `3.2s`, `2m 05s`, `1h 02m`. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (Math.round(ms) < 1000) return `${Math.round(ms)}ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)}s`;
  return formatElapsed(Math.round(ms / 1000) * 1000);
}

/** How long something has been going on, in whole seconds, so that a counting display stays calm. */
export function formatElapsed(elapsedMs: number): string {
  const seconds = Math.floor(Math.max(0, elapsedMs) / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${twoDigits(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h ${twoDigits(minutes % 60)}m`;
}

/** Milliseconds between two RFC 3339 times; null when one is missing or is no time. */
export function durationBetween(startedAt: string, finishedAt: string | null): number | null {
  if (finishedAt === null) return null;
  const durationMs = Date.parse(finishedAt) - Date.parse(startedAt);
  return Number.isFinite(durationMs) ? Math.max(0, durationMs) : null;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
