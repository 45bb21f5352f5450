/** Where a value is in the configuration: keys and list indices from the root. */
export type ConfigPath = readonly (string | number)[];

const plainKey = /^[A-Za-z0-9_$-]+$/;

/** A path as people write it: `jobs.unit.needs[0]`, `jobs["a.b"]`; the root is `the configuration`. */
export function formatConfigPath(path: ConfigPath): string {
  if (path.length === 0) return 'the configuration';
  return path
    .map((segment, index) => {
      if (typeof segment === 'number') return `[${segment}]`;
      if (!plainKey.test(segment)) return `[${JSON.stringify(segment)}]`;
      return index === 0 ? segment : `.${segment}`;
    })
    .join('');
}

/** Two paths are the same exactly when their keys are. */
export function configPathKey(path: ConfigPath): string {
  return JSON.stringify(path.map(String));
}

/** What is at a path of a plain value; undefined when nothing is. Inherited properties do not count. */
export function valueAtPath(root: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, segment) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) {
      return undefined;
    }
    return (value as Record<string | number, unknown>)[segment];
  }, root);
}
