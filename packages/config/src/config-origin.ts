import { valueAtPath, type ConfigPath } from './config-path.js';
import type { ConfigSource } from './source/config-source.js';
import type { SourcePosition } from './source/source-position.js';

/** Where a value of a configuration comes from: a place in the file, or nobody has said it. */
export type ConfigOrigin =
  ({ readonly kind: 'file' } & SourcePosition) | { readonly kind: 'default' };

/** Tells where values come from, by their paths in the configuration with all defaults filled in. */
export type OriginOf = (path: ConfigPath) => ConfigOrigin;

/** @param inFile the path in the file of what is at a path of the configuration */
export function originsIn(
  source: ConfigSource,
  inFile: (path: ConfigPath) => ConfigPath,
): OriginOf {
  return (path) => {
    const written = inFile(path);
    if (valueAtPath(source.value, written) === undefined) return { kind: 'default' };
    const { line, column } = source.locate(written, 'value');
    return { kind: 'file', line, column };
  };
}
