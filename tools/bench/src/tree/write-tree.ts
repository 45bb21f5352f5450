import { closeSync, mkdirSync, openSync, symlinkSync, futimesSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { below, createRandom } from './random.js';
import { planTree, type PlannedEntry, type TreeShape } from './tree-plan.js';

/** Bytes that contents are cut from: more than the window of a compressor, so that files are not copies of others. */
const poolBytes = 16 * 1024 * 1024;
/** When every file was last changed: long ago, so that git need not doubt its index. */
const changedAt = new Date('2024-01-01T00:00:00Z');

/**
 * Writes the tree of a shape into a directory.
 *
 * @returns the path of its last file, relative to the directory
 */
export function writeTree(dir: string, shape: TreeShape): string {
  const pool = textPool();
  const random = createRandom(shape.seed);
  const made = new Set<string>();
  let last = '';
  for (const entry of planTree(shape)) {
    const path = join(dir, entry.path);
    makeDirectory(dirname(path), made);
    if (entry.kind === 'link') symlinkSync(entry.target, path);
    else {
      writeFile(path, entry, pool, below(random, poolBytes));
      last = entry.path;
    }
  }
  return last;
}

function makeDirectory(path: string, made: Set<string>): void {
  if (made.has(path)) return;
  mkdirSync(path, { recursive: true });
  made.add(path);
}

function writeFile(
  path: string,
  entry: PlannedEntry & { readonly kind: 'file' },
  pool: Buffer,
  offset: number,
): void {
  const file = openSync(path, 'w', entry.executable ? 0o755 : 0o644);
  try {
    for (let left = entry.bytes, start = offset; left > 0; start = 0) {
      const length = Math.min(left, poolBytes - start);
      writeSync(file, pool, start, length);
      left -= length;
    }
    futimesSync(file, changedAt, changedAt);
  } finally {
    closeSync(file);
  }
}

let filled: Buffer | null = null;

/** Text that compresses about as well as program text: words, most of them short, in lines. The same in each process. */
function textPool(): Buffer {
  if (filled !== null) return filled;
  const random = createRandom(0);
  const words = Array.from({ length: 4096 }, () => {
    const word = below(random, 2 ** 32).toString(36);
    return `${word.slice(0, 2 + below(random, 8))}${random() < 0.1 ? ';\n' : ' '}`;
  });
  filled = Buffer.alloc(poolBytes);
  for (let at = 0; at < poolBytes;) {
    // A square prefers small numbers: some words are frequent, as in real text.
    at += filled.write(words[Math.floor(random() ** 2 * words.length)] ?? '', at, 'latin1');
  }
  return filled;
}
