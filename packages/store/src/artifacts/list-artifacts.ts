import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { identifierPattern, ok, reservedArtifactNames, type Outcome } from '@pikaci/model';
import { jobLayout, runLayout } from '@pikaci/paths';
import { attempt, isMissing } from '../file-failure.js';

/** A file that a job of a run left. */
export interface Artifact {
  readonly job: string;
  /** Relative to the job's artifacts directory, with `/`. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Absolute path. */
  readonly file: string;
}

/** Something among a job's artifacts that is none. */
export interface LeftOutArtifact {
  readonly job: string;
  readonly path: string;
  readonly reason: string;
}

/** What is in the artifacts directories of jobs, by job and path. */
export interface ListedArtifacts {
  readonly artifacts: readonly Artifact[];
  readonly leftOut: readonly LeftOutArtifact[];
}

interface Listing {
  readonly artifacts: Artifact[];
  readonly leftOut: LeftOutArtifact[];
}

/**
 * The files in the artifacts directories of jobs, without pikaci's own. Links are never followed: they, and whatever else
 * is no regular file, are told as left out.
 *
 * @param jobIds ids that cannot be a part of a path have no artifacts
 */
export async function listArtifacts(
  stateRoot: string,
  runId: string,
  jobIds: readonly string[],
): Promise<Outcome<ListedArtifacts>> {
  const listing: Listing = { artifacts: [], leftOut: [] };
  for (const job of jobIds.filter((id) => identifierPattern.test(id))) {
    const { jobDir, artifactsDir } = jobLayout(runLayout(stateRoot, runId), job);
    const detail = {
      message: `The artifacts of job "${job}" cannot be listed`,
      file: artifactsDir,
    };
    const walked = await attempt(detail, async () => {
      if (!(await isDirectory(jobDir)) || !(await isDirectory(artifactsDir))) return;
      await walk({ job, artifactsDir, listing }, '');
    });
    if (!walked.ok) return walked;
  }
  return ok(listing);
}

interface Walk {
  readonly job: string;
  readonly artifactsDir: string;
  readonly listing: Listing;
}

async function walk(state: Walk, dir: string): Promise<void> {
  const names = await readdir(join(state.artifactsDir, dir), 'buffer');
  for (const name of names.sort((a, b) => a.compare(b))) await look(state, dir, name);
}

async function look(state: Walk, dir: string, name: Buffer): Promise<void> {
  const { job, artifactsDir, listing } = state;
  const path = dir === '' ? name.toString() : `${dir}/${name.toString()}`;
  if (reservedArtifactNames.includes(path)) return;
  const leaveOut = (reason: string) => void listing.leftOut.push({ job, path, reason });
  if (!Buffer.from(name.toString()).equals(name)) {
    leaveOut('its name is no UTF-8');
    return;
  }
  const file = join(artifactsDir, path);
  const found = await unlessMissing(lstat(file));
  // Removed while it was looked for.
  if (found === null) return;
  if (found.isDirectory()) await walk(state, path);
  else if (found.isFile()) listing.artifacts.push({ job, path, sizeBytes: found.size, file });
  else leaveOut(found.isSymbolicLink() ? 'it is a link' : 'it is no regular file');
}

async function isDirectory(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path)))?.isDirectory() === true;
}

async function unlessMissing<T>(action: Promise<T>): Promise<T | null> {
  try {
    return await action;
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}
