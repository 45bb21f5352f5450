import { describeIncusError, isNotFound, type FilesApi } from '@pikaci/incus-client';
import { reservedArtifactNames } from '@pikaci/model';
import { join, posix } from 'node:path';
import {
  artifactPatterns,
  ByteBudget,
  noReportNote,
  reportLimits,
  type ArtifactPattern,
  type ArtifactPatterns,
} from '@pikaci/paths';
import { fetchFile } from './fetch-file.js';
import { guestFiles } from './guest-files.js';

/** Most files that are collected for one job; each costs a request of about 2 ms. */
const fileLimit = 5000;

/** How many files may send nothing before the rest is given up; each costs `silenceLimitMs`. */
const silentFileLimit = 3;

/** What was collected, and what could not be. */
export interface CollectedArtifacts {
  /** Relative to the artifacts directory, sorted. */
  readonly files: readonly string[];
  /** Those of them that match the globs of reports. */
  readonly reports: readonly string[];
  readonly notes: readonly string[];
  /** Why this machine could not keep them, such as a full disk; null when it could. */
  readonly problem: string | null;
}

export interface CollectRequest {
  readonly files: Pick<FilesApi, 'read' | 'stat' | 'stream'>;
  readonly instance: string;
  /** Globs in the working tree; a leading `!` takes files out. */
  readonly patterns: readonly string[];
  /** Globs of test reports, with the same rules. A file that matches both is a report. */
  readonly reports: readonly string[];
  /** Most bytes of the files that match `patterns`; null: no limit. */
  readonly limitBytes: number | null;
  readonly workingTree: string;
  /** On the host. */
  readonly artifactsDir: string;
}

/** A file of the guest, and what it is kept as: what the job declares, or what it put among the artifacts itself. */
interface FoundFile {
  readonly guestPath: string;
  readonly kind: 'artifact' | 'report' | 'own';
}

/**
 * Fetches what the job put into PIKACI_ARTIFACTS, and the files of its working tree that match its patterns. Regular
 * files only; a link is noted and left. Never fails: what went wrong is in the notes.
 */
export async function collectArtifacts(request: CollectRequest): Promise<CollectedArtifacts> {
  const found = new Map<string, FoundFile>();
  const notes: string[] = [];
  const add = (relative: string, guestPath: string, kind: FoundFile['kind']) => {
    if (reservedArtifactNames.includes(relative))
      notes.push(`Artifact ${relative} has a name of pikaci's own`);
    else if (found.get(relative)?.kind !== 'report') found.set(relative, { guestPath, kind });
  };
  for await (const path of walk(request, guestFiles.artifacts, '', notes)) {
    add(path, posix.join(guestFiles.artifacts, path), 'own');
  }
  for (const kind of ['report', 'artifact'] as const) {
    const declared = kind === 'report' ? request.reports : request.patterns;
    const patterns = artifactPatterns(declared, kind);
    notes.push(...patterns.problems);
    for (const pattern of patterns.included) {
      await match(request, patterns, { pattern, kind }, add, notes);
    }
  }
  const budgets = {
    own: new ByteBudget({ total: null, of: 'artifacts' }),
    report: new ByteBudget(reportLimits),
    artifact: new ByteBudget({ total: request.limitBytes, of: 'artifacts' }),
  };
  const files: string[] = [];
  const reports: string[] = [];
  let silent = 0;
  for (const [relative, { guestPath, kind }] of inOrder(found).slice(0, fileLimit)) {
    const budget = budgets[kind];
    const place = join(request.artifactsDir, relative);
    const fetched = await fetchFile({ ...request, guestPath, hostPath: place, most: budget.rest });
    if (fetched.kind === 'kept') {
      budget.take(relative, fetched.bytes);
      files.push(relative);
      if (kind === 'report') reports.push(relative);
      continue;
    }
    if (fetched.kind === 'too-large') {
      budget.leave(relative);
      continue;
    }
    notes.push(`Artifact ${relative} could not be collected: ${fetched.message}`);
    if (fetched.isOurs) {
      return { files: files.sort(), reports: reports.sort(), notes, problem: fetched.message };
    }
    silent += fetched.isSilent ? 1 : 0;
    if (silent < silentFileLimit) continue;
    notes.push('Collecting was given up: too many artifacts are no plain files');
    break;
  }
  if (found.size > fileLimit) {
    notes.push(
      `Only ${fileLimit} of ${found.size} artifacts were collected; pack them into one file`,
    );
  }
  notes.push(...budgets.report.notes(), ...budgets.artifact.notes());
  return { files: files.sort(), reports: reports.sort(), notes, problem: null };
}

/** Reports first: where there are too many files, they are those that somebody reads. */
function inOrder(found: ReadonlyMap<string, FoundFile>): [string, FoundFile][] {
  const isReport = ([, { kind }]: [string, FoundFile]): boolean => kind === 'report';
  return [...[...found].filter(isReport), ...[...found].filter((file) => !isReport(file))];
}

async function match(
  request: CollectRequest,
  patterns: ArtifactPatterns,
  { pattern, kind }: { readonly pattern: ArtifactPattern; readonly kind: 'artifact' | 'report' },
  add: (relative: string, guestPath: string, kind: FoundFile['kind']) => void,
  notes: string[],
): Promise<void> {
  let count = 0;
  for await (const path of walk(request, request.workingTree, pattern.base, notes)) {
    if (!pattern.matches(path) || patterns.isExcluded(path)) continue;
    count += 1;
    add(path, posix.join(request.workingTree, path), kind);
  }
  if (count > 0) return;
  const { text } = pattern;
  notes.push(
    kind === 'report' ? noReportNote(text) : `No file matches the artifact pattern ${text}`,
  );
}

/** Files below a directory of the guest, relative to `root`. */
async function* walk(
  request: CollectRequest,
  root: string,
  relative: string,
  notes: string[],
): AsyncGenerator<string> {
  const path = posix.join(root, relative);
  const stat = await request.files.stat(request.instance, path);
  if (!stat.ok) {
    if (!isNotFound(stat.error)) notes.push(describeIncusError(stat.error));
    return;
  }
  if (stat.value.type === 'symlink') {
    notes.push(`Artifact ${relative} is a symbolic link and was left`);
    return;
  }
  if (stat.value.type === 'file') {
    yield relative;
    return;
  }
  const directory = await request.files.read(request.instance, path);
  if (!directory.ok || directory.value.type !== 'directory') return;
  for (const name of [...directory.value.entries].sort()) {
    if (isSafeName(name)) yield* walk(request, root, posix.join(relative, name), notes);
    else notes.push(`An entry of ${path} has a name that cannot be used on the host`);
  }
}

/** Names come from the guest: one that is not a plain name could lead out of the artifacts directory. */
function isSafeName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}
