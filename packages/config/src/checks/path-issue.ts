import type { ConfigIssue } from '../config-issue.js';
import { formatConfigPath, type ConfigPath } from '../config-path.js';

/** The issue of a path with a problem, as a list: empty when there is no problem. */
export function pathIssue(path: ConfigPath, value: string, problem: string | null): ConfigIssue[] {
  if (problem === null) return [];
  const message = `${formatConfigPath(path)}: ${JSON.stringify(value)} ${problem}`;
  return [{ message, path, part: 'value' }];
}
