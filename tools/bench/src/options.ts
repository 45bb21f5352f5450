import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';

/** What the user asked for. */
export interface BenchOptions {
  /** Names of benchmarks; all when empty. */
  readonly names: readonly string[];
  readonly quick: boolean;
  readonly json: boolean;
  readonly list: boolean;
  /** Runs one benchmark for another process of this program, and hands the result over. */
  readonly apart: boolean;
  /** Where the directory of the run is made. */
  readonly dir: string;
}

/** @throws TypeError for options that there are not */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      apart: { type: 'boolean', default: false },
      dir: { type: 'string' },
    },
  });
  const { quick, json, list, apart, dir } = values;
  return { names: positionals, quick, json, list, apart, dir: dir ?? defaultDirectory() };
}

const memory = '/dev/shm';
/** What the trees and their copies need at most, with room to spare. */
const neededBytes = 8 * 1024 ** 3;

/** Memory where there is enough of it: a busy disk makes copies slower by any factor, and mounts not. */
function defaultDirectory(): string {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= neededBytes ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}
