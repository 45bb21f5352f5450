/**
 * The files of a project that tell how it is tested: their text by their path, relative to the project, with `/` between
 * names. Of files whose name alone matters the text is empty.
 */
export type ProjectFiles = ReadonlyMap<string, string>;

/** Directories of tests in which the names of Python files are looked at. */
export const pythonTestDirectories = ['tests', 'test'] as const;

/** The first of these paths that the project has; null when it has none. */
export function firstOf(files: ProjectFiles, paths: readonly string[]): string | null {
  return paths.find((path) => files.has(path)) ?? null;
}

/** An object of JSON text; null when it is none. */
export function jsonObject(text: string | undefined): Readonly<Record<string, unknown>> | null {
  if (text === undefined) return null;
  try {
    return asObject(JSON.parse(text.replace(/^\uFEFF/u, '')));
  } catch {
    return null;
  }
}

/** The value, when it is an object with keys; else null. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

/** The texts of a list; none when it is no list. */
export function asTexts(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => typeof item === 'string');
}
