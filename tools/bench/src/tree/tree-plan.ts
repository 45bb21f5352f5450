import { below, createRandom, normal, type Random } from './random.js';

/** One entry of a tree: a file, or a link. Paths are relative, with slashes. */
export type PlannedEntry =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly bytes: number;
      readonly executable: boolean;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** What a tree is to be like. */
export interface TreeShape {
  /** Files and links together. */
  readonly entries: number;
  readonly bytes: number;
  readonly seed: number;
}

/** Mean size of a file, as in the trees that package managers make: 20,000 files take 80 MB. */
const meanBytes = 4000;
/** Spread of the logarithm of sizes: half the files are below 1.3 kB, one in a hundred is above 40 kB. */
const sizeDeviation = 1.5;
/** Files of one package, on average. */
const packageEntries = 40;

/** The tree with this many files and links that the benchmarks use. */
export function treeShape(entries: number): TreeShape {
  return { entries, bytes: entries * meanBytes, seed: entries };
}

/**
 * A tree like those of package managers: packages with nested directories, one in eight with packages of its own, a
 * directory of links to their programs; many small files and a few large ones. The same shape gives the same tree.
 */
export function planTree(shape: TreeShape): PlannedEntry[] {
  const random = createRandom(shape.seed);
  const planned: PlannedEntry[] = [];
  for (let number = 0; planned.length < shape.entries; number += 1) {
    planned.push(...planPackage(random, packageRoot(random, number)));
  }
  return withTotal(planned.slice(0, shape.entries), shape.bytes);
}

function packageRoot(random: Random, number: number): string {
  const nested = number > 8 && random() < 1 / 8 ? `${name(below(random, number))}/packages/` : '';
  return `${nested}${name(number)}`;
}

const name = (number: number) => `pkg-${String(number).padStart(4, '0')}`;

function planPackage(random: Random, root: string): PlannedEntry[] {
  const count = 4 + below(random, 2 * packageEntries - 8);
  const files = Array.from({ length: count }, (_, index) => planFile(random, root, index));
  const program: PlannedEntry = {
    kind: 'file',
    path: `${root}/bin/cli.js`,
    bytes: size(random),
    executable: true,
  };
  const link = { kind: 'link', path: `${root}/links/cli`, target: '../bin/cli.js' } as const;
  return [program, link, ...files];
}

const directories = ['', 'lib/', 'lib/', 'dist/esm/', 'dist/cjs/', 'src/internal/util/'];

function planFile(random: Random, root: string, index: number): PlannedEntry {
  const directory = directories[below(random, directories.length)] ?? '';
  const path = `${root}/${directory}file-${index}.js`;
  return { kind: 'file', path, bytes: size(random), executable: random() < 1 / 200 };
}

const size = (random: Random) => Math.exp(normal(random) * sizeDeviation);

/** Scales the sizes so that they add up to the total, but for rounding. */
function withTotal(planned: readonly PlannedEntry[], bytes: number): PlannedEntry[] {
  const sum = planned.reduce(
    (total, entry) => total + (entry.kind === 'file' ? entry.bytes : 0),
    0,
  );
  return planned.map((entry) =>
    entry.kind === 'file'
      ? { ...entry, bytes: Math.max(1, Math.round((entry.bytes * bytes) / sum)) }
      : entry,
  );
}
