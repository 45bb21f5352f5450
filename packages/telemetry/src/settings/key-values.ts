/**
 * Reads `key=value,key=value` with percent-encoded values, the form of headers and resource attributes. Null for what is
 * not of that form: then nothing of it can be relied on.
 */
export function parseKeyValues(text: string): Readonly<Record<string, string>> | null {
  const pairs: (readonly [string, string])[] = [];
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    const key = decoded(part.slice(0, Math.max(0, equals)).trim());
    const value = decoded(part.slice(equals + 1).trim());
    if (key === null || key === '' || value === null) return null;
    pairs.push([key, value]);
  }
  return Object.fromEntries(pairs);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
