import { isDiskFailure, isDiskFault, pathlessReason, systemErrorCode } from '@pikaci/host';
import {
  artifactPatterns,
  ByteBudget,
  isWithin,
  noReportNote,
  type ArtifactPattern,
  type ArtifactPatterns,
  type ByteLimits,
} from '@pikaci/paths';
import type { Failure } from '@pikaci/model';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { placeArtifact } from './place-artifact.js';
import { walkTree } from './tree-walk.js';

/** Where artifacts come from and go to. */
export interface ArtifactRequest {
  /** Globs, as the job declares them. */
  readonly declared: readonly string[];
  /** What they are, and why nothing may match one. */
  readonly what: 'artifact' | 'report';
  readonly limits: ByteLimits;
  /** What is kept already, relative to the artifacts directory: it is not copied or counted again. */
  readonly kept: readonly string[];
  readonly treeDir: string;
  /** Paths in the tree at which payloads are: they are not the job's work. */
  readonly mountPaths: readonly string[];
  readonly artifactsDir: string;
  /** Names in the artifacts directory that are pikaci's own. */
  readonly reservedNames: readonly string[];
}

/** What was kept, and what the reader should know. */
export interface CollectedArtifacts {
  /** Relative to the artifacts directory, in order and without duplicates; those kept before among them. */
  readonly paths: readonly string[];
  readonly notes: readonly string[];
  /** Why the disk could not keep something, in the words of its note; null when it could. */
  readonly problem: string | null;
}

/**
 * Copies the files that match a job's artifact globs. Only regular files; links are never followed. That something
 * declared is not there is a note: the verdict on the job stands already.
 */
export async function collectArtifacts(request: ArtifactRequest): Promise<CollectedArtifacts> {
  const patterns = artifactPatterns(request.declared, request.what);
  const paths = new Set(request.kept);
  const notes = [...patterns.problems];
  const budget = new ByteBudget(request.limits);
  let problem: string | null = null;
  for (const pattern of patterns.included) {
    try {
      const found = await collectPattern(request, patterns, pattern, { paths, budget });
      notes.push(...found.notes);
      problem ??= found.problem;
    } catch (error) {
      if (systemErrorCode(error) === null || !(error instanceof Error)) throw error;
      const note = `the ${request.what} "${pattern.text}" could not be collected: ${error.message}`;
      notes.push(note);
      if (isDiskFault(error)) problem ??= note;
    }
  }
  return { paths: [...paths].sort(), notes: [...notes, ...budget.notes()], problem };
}

async function collectPattern(
  request: ArtifactRequest,
  patterns: ArtifactPatterns,
  pattern: ArtifactPattern,
  { paths, budget }: { readonly paths: Set<string>; readonly budget: ByteBudget },
): Promise<Pick<CollectedArtifacts, 'notes' | 'problem'>> {
  const isMounted = (path: string): boolean =>
    request.mountPaths.some((mount) => isWithin(`/${mount}`, `/${path}`));
  const enter = (path: string): boolean => !isMounted(path) && !patterns.isExcluded(path);
  const notes: string[] = [];
  const leftOut: string[] = [];
  let problem: string | null = null;
  let matched = 0;
  for await (const { path, kind } of walkTree(request.treeDir, pattern.base, enter)) {
    if (kind === 'directory' || !pattern.matches(path) || !enter(path)) continue;
    matched += 1;
    if (paths.has(path)) continue;
    if (kind === 'other' || request.reservedNames.includes(path)) leftOut.push(path);
    else if (budget.take(path, (await lstat(join(request.treeDir, path))).size)) {
      const placed = await placeArtifact(request.treeDir, path, request.artifactsDir);
      if (placed.ok) {
        paths.add(path);
        continue;
      }
      const note = unkeptNote(request.what, path, placed.error);
      notes.push(note);
      if (isDiskFailure(placed.error)) problem ??= note;
    }
  }
  if (matched === 0) notes.push(unmatchedNote(request.what, pattern.text));
  if (leftOut.length > 0) notes.push(leftOutNote(request.what, pattern.text, leftOut));
  return { notes, problem };
}

/** The tree has another path here than the one that its job knows. */
function unkeptNote(what: ArtifactRequest['what'], path: string, why: Failure): string {
  return `the ${what} ${path} could not be kept: ${pathlessReason(why) ?? why.message}`;
}

function unmatchedNote(what: ArtifactRequest['what'], text: string): string {
  return what === 'report' ? noReportNote(text) : `the artifact "${text}" matched no file`;
}

function leftOutNote(
  what: ArtifactRequest['what'],
  text: string,
  leftOut: readonly string[],
): string {
  const [first = '', ...others] = leftOut;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `the ${what} "${text}": ${first}${more} left out: no regular file, or a name of pikaci's own`;
}
