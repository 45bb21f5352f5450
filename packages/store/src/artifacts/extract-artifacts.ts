import { constants, type Stats } from 'node:fs';
import { copyFile, link, lstat, mkdir, rename, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import {
  copyTree,
  createStagingDirectory,
  removeTree,
  sweepStagingDirectories,
} from '@pikaci/host';
import { fail, ok, type Failure, type Outcome } from '@pikaci/model';
import { attempt, isMissing, isPresent } from '../file-failure.js';
import type { Artifact } from './list-artifacts.js';

/** Which artifacts are copied, and to where. */
export interface Extraction {
  readonly artifacts: readonly Artifact[];
  /** Absolute path of a directory; made when it is not there. Each artifact becomes `<job>/<path>` in it. */
  readonly dir: string;
  /** True: files that are there already are replaced. */
  readonly force: boolean;
  /** Hears of each file that is in its place; what it returns is waited for. */
  readonly onPlaced?: (target: string) => void | Promise<void>;
}

/** What was done, also when not all of it could be. */
export interface Extracted {
  /** Absolute paths of the files that were put in place. */
  readonly copied: readonly string[];
  /** Null when all were. */
  readonly failure: Failure | null;
}

/** Files in the way that are named; of more there is only a number. */
const mostNamed = 5;

interface Placement {
  readonly artifact: Artifact;
  readonly target: string;
}

/**
 * Copies artifacts. All are copied beside their places first, so that a full disk or an unreadable file changes nothing;
 * then each is put in its place at once and whole. What is in the way is found before that.
 */
export async function extractArtifacts(extraction: Extraction): Promise<Extracted> {
  const { artifacts, dir, force } = extraction;
  const placements = artifacts.map((artifact) => ({
    artifact,
    target: join(dir, artifact.job, artifact.path),
  }));
  const free = await checkPlaces(dir, placements, force);
  if (!free.ok) return { copied: [], failure: free.error };
  const copied: string[] = [];
  const done = await withStaging(dir, async (staging) => {
    const staged = await stage(staging, placements);
    return staged.ok ? place(placements, staging, extraction, copied) : staged;
  });
  return { copied, failure: done.ok ? null : done.error };
}

/** Nothing that is there may be in the way, and no link may lead out of the directory. */
async function checkPlaces(
  dir: string,
  placements: readonly Placement[],
  force: boolean,
): Promise<Outcome<void>> {
  const detail = { message: `The directory ${dir} cannot be looked at`, file: dir };
  return flat(
    await attempt(detail, async () => {
      const present: string[] = [];
      for (const { target } of placements) {
        const blocked = await blockedBy(dir, target);
        if (blocked !== null) return inTheWay(blocked);
        const found = await lookAt(target);
        if (found?.isDirectory() === true) return inTheWay(target);
        if (found !== null) present.push(target);
      }
      return present.length === 0 || force ? ok(undefined) : alreadyThere(present);
    }),
  );
}

/** The first part of the way from the directory to a place in it that is there and is no directory. */
async function blockedBy(dir: string, target: string): Promise<string | null> {
  let path = dir;
  for (const part of relative(dir, dirname(target)).split(sep)) {
    path = join(path, part);
    const found = await lookAt(path);
    if (found === null) return null;
    if (!found.isDirectory()) return path;
  }
  return null;
}

function inTheWay(path: string): Outcome<never> {
  return fail('selection', `${path} is in the way`, {
    location: { file: path },
    reason: 'it is not what would have to be there',
    hint: 'Remove it, or name another directory with --extract. Nothing was copied.',
  });
}

function alreadyThere(present: readonly string[]): Outcome<never> {
  const named = present.slice(0, mostNamed).join(', ');
  const more = present.length > mostNamed ? ` and ${present.length - mostNamed} more` : '';
  return fail('selection', `There are files already: ${named}${more}`, {
    hint: 'Name another directory with --extract, or replace them with --force. Nothing was copied.',
  });
}

async function withStaging(
  dir: string,
  work: (staging: string) => Promise<Outcome<void>>,
): Promise<Outcome<void>> {
  const detail = { message: `The directory ${dir} cannot be written`, file: dir };
  const isNew = (await lookAt(dir).catch(() => null)) === null;
  const staging = await attempt(detail, async () => {
    await sweepStagingDirectories(dir);
    return createStagingDirectory(dir);
  });
  if (!staging.ok) return staging;
  try {
    return await work(staging.value);
  } finally {
    await removeTree(staging.value);
    // One that was made for nothing goes again.
    if (isNew) await rmdir(dir).catch(() => undefined);
  }
}

async function stage(staging: string, placements: readonly Placement[]): Promise<Outcome<void>> {
  for (const [index, { artifact }] of placements.entries()) {
    const copied = await copyTree(artifact.file, stagedFile(staging, index));
    if (!copied.ok) return copied;
  }
  return ok(undefined);
}

const stagedFile = (staging: string, index: number) => join(staging, String(index));

async function place(
  placements: readonly Placement[],
  staging: string,
  { force, onPlaced }: Extraction,
  copied: string[],
): Promise<Outcome<void>> {
  for (const [index, { target }] of placements.entries()) {
    const detail = { message: `${target} cannot be written`, file: target };
    const placed = await attempt(detail, async () => {
      await mkdir(dirname(target), { recursive: true });
      const staged = stagedFile(staging, index);
      if (force) await rename(staged, target);
      else await placeNew(staged, target);
    });
    if (!placed.ok) return placed;
    copied.push(target);
    await onPlaced?.(target);
  }
  return ok(undefined);
}

/** Never replaces a file, also not one that has appeared since it was looked for. */
async function placeNew(staged: string, target: string): Promise<void> {
  try {
    await link(staged, target);
  } catch (thrown) {
    if (isPresent(thrown)) throw thrown;
    // Not every file system has hard links.
    await copyFile(staged, target, constants.COPYFILE_EXCL);
  }
}

async function lookAt(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (thrown) {
    if (isMissing(thrown)) return null;
    throw thrown;
  }
}

function flat<T>(outcome: Outcome<Outcome<T>>): Outcome<T> {
  return outcome.ok ? outcome.value : outcome;
}
