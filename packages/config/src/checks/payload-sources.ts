import type { PayloadConfig } from '@pikaci/model';
import { installableProblem } from '@pikaci/paths';
import type { ConfigCheck, ConfigIssue } from '../config-issue.js';
import type { ConfigPath } from '../config-path.js';
import { pathIssue } from './path-issue.js';

/** What a payload is made of is something that pikaci can reach, and whose changes it would see. */
export const checkPayloadSources: ConfigCheck = (config) =>
  Object.entries(config.payloads).flatMap(([id, payload]) =>
    sourceIssues(['payloads', id], payload),
  );

function sourceIssues(path: ConfigPath, payload: PayloadConfig): ConfigIssue[] {
  if (payload.kind === 'nix') {
    const { installable } = payload;
    return pathIssue([...path, 'installable'], installable, installableProblem(installable));
  }
  if (payload.kind !== 'archive' && payload.kind !== 'directory') return [];
  const { kind, source } = payload;
  const issues = pathIssue([...path, 'source'], source, sourceProblem(kind, source));
  return issues.map((issue) => ({ ...issue, hint: sourceHint(source) }));
}

const schemePattern = /^([a-z][a-z0-9+.-]*):/i;

function sourceProblem(kind: 'archive' | 'directory', source: string): string | null {
  const scheme = schemePattern.exec(source)?.[1]?.toLowerCase();
  if (scheme === undefined) return null;
  if (scheme !== 'file')
    return isRemote(source) ? 'is on the network, and pikaci fetches nothing by itself' : null;
  if (kind === 'directory') return 'is a URL, and the source of a directory is a path';
  return /^file:\/\/\/[^/]/i.test(source) ? null : 'is no URL of a file: those begin with file:///';
}

/** A path may hold a colon; only what has a host is taken for a URL of the network. */
function isRemote(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
}

function sourceHint(source: string): string {
  return isRemote(source) && !source.toLowerCase().startsWith('file:')
    ? 'Download it in a payload of kind `command` (curl, then a check of its sha256sum), whose output is what it holds.'
    : 'Write a path, relative to the workspace root or absolute.';
}
