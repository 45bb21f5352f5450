/**
 * Domain objects are camelCase, records on disk snake_case. Records hold no objects with free keys (lists of
 * `{name, value}` instead), so that one conversion of all keys is the codec of every record.
 */
function mapKeys(value: unknown, rename: (key: string) => string, depth = 0): unknown {
  if (value === null || typeof value !== 'object' || depth === deepest) return value;
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, rename, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [rename(key), mapKeys(item, rename, depth + 1)]),
  );
}

/** No record is nested as deep; what is came from elsewhere, and must not exhaust the stack. */
const deepest = 64;

/** A key of a domain object as it is written to disk. */
export const toSnakeCase = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toCamel = (key: string) =>
  key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A domain object as it is written to disk. */
export function toSnakeCaseKeys(value: unknown): unknown {
  return mapKeys(value, toSnakeCase);
}

/** What was read from disk, with the keys of the domain. */
export function toCamelCaseKeys(value: unknown): unknown {
  return mapKeys(value, toCamel);
}
