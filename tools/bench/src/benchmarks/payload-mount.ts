import type { Devices } from '@pikaci/incus-client';
import { openBenchServer, type BenchServer } from '../incus/bench-server.js';
import { addDevices, copyTree, startWith } from '../incus/contestants.js';
import { archivesPath, copyWays } from '../incus/copy-ways.js';
import { jobs, startGroup, type JobGroup } from '../incus/job-group.js';
import {
  jobDevices,
  preparePayload,
  repeated,
  type TreePayload,
} from '../incus/mounted-payload.js';
import type { BenchPlace } from '../machine/bench-place.js';
import { alternate } from '../report/alternate.js';
import type { Aimed, Benchmark, BenchmarkContext, Measured } from '../report/benchmark.js';
import { median } from '../report/statistics.js';
import { measuredRows } from './rows.js';

const sizes = [2_000, 20_000, 100_000];
const aim = 20;
/** How much more the mount of fifty times as many files may take: nothing but noise. */
const aimGrowth = 1.3;
/** One mount is less than what two starts differ by; of so many, the difference can be seen. */
const mounts = 30;
/** From this size on only the fastest ways to copy are measured, and fewer rounds: the others take minutes. */
const large = 50_000;

/** A payload is mounted, not copied: what it costs does not depend on its size. */
export const payloadMount: Benchmark = {
  name: 'payload-mount',
  measures: [
    `A payload into ${jobs} jobs at once, until a file deep in it has been read in each of their instances.`,
    `"mounted": ${jobs} instances are created and started with ${mounts} payloads among the devices of the create request, as pikaci does for`,
    `jobs, and without; what they take longer, divided by ${mounts}. "added": the device is added to ${jobs} running instances.`,
    `The copies go into the root directories of the same ${jobs} running instances. Ratios are to "mounted".`,
  ].join('\n'),
  run: async (context) => {
    const { place, progress } = context;
    progress('the server and its instances');
    const bench = await openBench(place);
    const prepared: TreePayload[] = [];
    for (const entries of sizes) prepared.push(await preparePayload(place, place.tree(entries)));
    progress('instances with payloads and without');
    const starts = await compareStarts(context, bench, prepared);
    const notes = new Set([`Incus ${bench.server.version}`]);
    const copies = await compareCopies(context, bench, prepared, notes);
    const measured = [...starts, ...sizes.flatMap((entries) => rowsOf(entries, starts, copies))];
    return { measured, aimed: aimsOf(measured), notes: [...notes] };
  },
};

/** The server, running instances without a payload, and what both share. */
interface Bench {
  readonly server: BenchServer;
  readonly group: JobGroup;
  readonly snapshotDir: string;
  readonly archives: string;
}

async function openBench(place: BenchPlace): Promise<Bench> {
  const server = await openBenchServer(place);
  const snapshotDir = place.freshDirectory('snapshot');
  const archives = place.freshDirectory('archives');
  const devices: Devices = {
    ...jobDevices(snapshotDir, []),
    archives: { type: 'disk', source: archives, path: archivesPath, readonly: 'true' },
  };
  return { server, snapshotDir, archives, group: await startGroup(server, 'copy', devices) };
}

const without = `${jobs} instances without payloads`;
const withPayloads = (entries: number) =>
  `${jobs} instances with ${mounts} payloads of ${entries} files`;
const rowName = (entries: number, what: string) => `${entries} files: ${what}`;

async function compareStarts(
  { rounds }: BenchmarkContext,
  { server, snapshotDir }: Bench,
  prepared: readonly TreePayload[],
): Promise<Measured[]> {
  const contestants = [startWith(without, server, jobDevices(snapshotDir, []))];
  for (const { tree, payload } of prepared) {
    const devices = jobDevices(snapshotDir, repeated(payload, mounts));
    contestants.push(startWith(withPayloads(tree.entries), server, devices, tree));
  }
  return measuredRows(await alternate(contestants, rounds(15)), without);
}

async function compareCopies(
  { rounds, progress }: BenchmarkContext,
  { server, group, snapshotDir, archives }: Bench,
  prepared: readonly TreePayload[],
  notes: Set<string>,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const { tree, payload } of prepared) {
    progress(`${tree.entries} files, copied`);
    const all = jobDevices(snapshotDir, repeated(payload, 1));
    const own = Object.entries(all).filter(([name]) => !(name in jobDevices(snapshotDir, [])));
    const found = await copyWays(server.client, tree, archives);
    for (const note of found.notes) notes.add(note);
    const isLarge = tree.entries >= large;
    const ways = isLarge ? fastestTwo(found.ways, measured) : found.ways;
    if (isLarge) notes.add(`${tree.entries} files: only the two fastest ways to copy are measured`);
    const contestants = [
      addDevices(rowName(tree.entries, 'added'), group, Object.fromEntries(own), tree),
      ...ways.map((way) => copyTree(rowName(tree.entries, way.what), group, way, tree)),
    ];
    const samples = await alternate(contestants, rounds(isLarge ? 3 : 7), { warmUp: !isLarge });
    measured.push(...measuredRows(samples, undefined));
  }
  return measured;
}

/** The ways that were fastest at the size before. */
function fastestTwo<Way extends { readonly what: string }>(
  ways: readonly Way[],
  measured: readonly Measured[],
): Way[] {
  const slowness = ({ what }: Way) =>
    median(measured.findLast((row) => row.what.endsWith(`: ${what}`))?.samples ?? [Infinity]);
  return [...ways].sort((a, b) => slowness(a) - slowness(b)).slice(0, 2);
}

/** The rows of one size; all others of them are compared with the mount. */
function rowsOf(
  entries: number,
  starts: readonly Measured[],
  copies: readonly Measured[],
): Measured[] {
  const samplesOf = (name: string) => starts.find(({ what }) => what === name)?.samples ?? [];
  const baseMs = samplesOf(without);
  const mounted: Measured = {
    what: rowName(entries, 'mounted'),
    unit: 'ms',
    samples: samplesOf(withPayloads(entries)).map(
      (ms, round) => (ms - (baseMs[round] ?? NaN)) / mounts,
    ),
  };
  const others = copies.filter(({ what }) => what.startsWith(rowName(entries, '')));
  return [mounted, ...others.map((row) => ({ ...row, baseline: mounted.what }))];
}

function aimsOf(measured: readonly Measured[]): Aimed[] {
  const medianOf = (what: string) =>
    median(measured.find((row) => row.what === what)?.samples ?? []);
  const fastestCopy = (entries: number) => {
    const mounts = [rowName(entries, 'mounted'), rowName(entries, 'added')];
    const rows = measured.filter((row) => row.what.startsWith(rowName(entries, '')));
    return Math.min(
      ...rows.filter(({ what }) => !mounts.includes(what)).map(({ samples }) => median(samples)),
    );
  };
  const ratios = sizes.map((entries): Aimed => {
    const mountMs = medianOf(rowName(entries, 'mounted'));
    // On a busy machine two starts may differ by more than the mounts take: then nothing is known of these.
    const value = mountMs > 0 ? fastestCopy(entries) / mountMs : NaN;
    return {
      name: `payload-mount, ${entries} files`,
      value,
      unit: 'ratio',
      bound: 'at least',
      aim,
    };
  });
  const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)];
  const growth: Aimed = {
    name: `payload-mount, added, ${largest} files to ${smallest}`,
    value: medianOf(rowName(largest, 'added')) / medianOf(rowName(smallest, 'added')),
    unit: 'ratio',
    bound: 'at most',
    aim: aimGrowth,
  };
  return [...ratios, growth];
}
