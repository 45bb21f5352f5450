import type { ConfigIssue } from '../config-issue.js';
import { formatConfigPath, type ConfigPath } from '../config-path.js';
import type { SourcePlace, SourcePosition } from './source-position.js';

/** A key that stands twice in one object: languages keep the last one and say nothing. */
export function duplicateKey(
  path: ConfigPath,
  first: SourcePosition,
  second: SourcePlace,
): ConfigIssue {
  const key = String(path.at(-1));
  const where = formatConfigPath(path.slice(0, -1));
  return {
    message: `duplicate key \`${key}\` in ${where}, first given at line ${first.line}`,
    path,
    part: 'key',
    position: second,
    hint: 'Give one of the two another name, or remove it.',
  };
}
