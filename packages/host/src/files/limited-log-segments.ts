import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** How much of a log is kept once it is longer than its limit, in bytes. Both together are the limit. */
export interface LimitedLogParts {
  readonly head: number;
  readonly tail: number;
}

/** The head is what explains what was run, the tail is what failed: each gets a half. */
export function limitedLogParts(limitBytes: number): LimitedLogParts {
  const head = Math.floor(limitBytes / 2);
  return { head, tail: limitBytes - head };
}

/** A part of a log behind its limit, in a file beside it. All but the last one are as long as the tail. */
export interface LogSegment {
  /** From 0. */
  readonly number: number;
  readonly path: string;
  readonly bytes: number;
}

/** Path of a log's segment. */
export function segmentPath(logPath: string, number: number): string {
  return `${logPath}.tail-${number}`;
}

/** The segments of a log that are there, in order. */
export async function listSegments(logPath: string): Promise<readonly LogSegment[]> {
  const directory = dirname(logPath);
  const prefix = basename(segmentPath(logPath, 0)).slice(0, -1);
  const numbers = (await readdir(directory))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
  return Promise.all(
    numbers.map(async (number) => {
      const path = join(directory, `${prefix}${number}`);
      return { number, path, bytes: (await stat(path)).size };
    }),
  );
}

/** Removes all segments of a log. */
export async function removeSegments(logPath: string): Promise<void> {
  for (const { path } of await listSegments(logPath)) await rm(path, { force: true });
}
