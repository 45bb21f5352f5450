import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourcePosition } from './source-position.js';

/** A place that a stack names. */
export interface StackPlace extends SourcePosition {
  /** Absolute path. */
  readonly file: string;
}

/** `at name (/file:1:2)`, `at file:///file:1:2`, and ` /file:1:2`, as the translator of TypeScript writes it. */
const frame = /(?:^\s+|\(|at |async )(?:file:\/\/)?(\/.*):(\d+):(\d+)\)?$/;

/** The code that runs the configuration is at the end of every stack. */
const ownDirectory = dirname(fileURLToPath(import.meta.url)) + sep;

/** The places in the stack of an error, innermost first: those in Node, in installed packages and in here left out. */
export function stackPlaces(error: unknown): readonly StackPlace[] {
  if (!(error instanceof Error)) return [];
  return (error.stack ?? '').split('\n').flatMap((line) => {
    const [, file, row, column] = frame.exec(line) ?? [];
    if (file === undefined) return [];
    if (file.includes('/node_modules/') || file.startsWith(ownDirectory)) return [];
    return [{ file, line: Number(row), column: Number(column) }];
  });
}
