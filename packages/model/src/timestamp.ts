/** RFC 3339 in UTC with a numeric offset, the form that readers of earlier records compare as text. */
export function formatTimestamp(date: Date): string {
  return date.toISOString().replace(/Z$/, '+00:00');
}
