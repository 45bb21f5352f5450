/**
 * Domain objects are camelCase, records on disk snake_case. Records hold no objects with free keys (lists of
 * `{name, value}` instead), so that one conversion of all keys, at any depth, is the codec of every record.
 */
function mapKeys(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapKeys(item, rename));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [rename(key), mapKeys(item, rename)]),
  );
}

const toSnake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toCamel = (key: string) =>
  key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A domain object as it is written to disk. */
export function toSnakeCaseKeys(value: unknown): unknown {
  return mapKeys(value, toSnake);
}

/** What was read from disk, with the keys of the domain. */
export function toCamelCaseKeys(value: unknown): unknown {
  return mapKeys(value, toCamel);
}
