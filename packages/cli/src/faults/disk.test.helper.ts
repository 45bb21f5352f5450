import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A JSON object as it lies on disk: the promises are checked without the code that they are about. */
export type Json = Record<string, unknown>;

export function readJson(path: string): Json | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json;
  } catch {
    return null;
  }
}

export function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}

/** Absolute paths of all files and directories below a directory; links are not followed. */
export function pathsBelow(directory: string): readonly string[] {
  return namesIn(directory).flatMap((name) => {
    const path = join(directory, name);
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
      ? [path, ...pathsBelow(path)]
      : [path];
  });
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function objects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}
