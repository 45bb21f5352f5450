import { benchmarks } from './benchmarks/all.js';
import { runApart } from './run-apart.js';
import { createBenchPlace } from './machine/bench-place.js';
import { cleanUpOnSignals, createCleanUp } from './machine/clean-up.js';
import { machineFacts } from './machine/machine-facts.js';
import { readOptions, type BenchOptions } from './options.js';
import type { Benchmark, BenchmarkResult } from './report/benchmark.js';
import { planRounds } from './report/rounds.js';
import { jsonReport } from './report/json-report.js';
import { textReport } from './report/text-report.js';

const say = (text: string) => process.stderr.write(`${text}\n`);

async function main(options: BenchOptions): Promise<void> {
  const unknown = options.names.filter((name) => !benchmarks.some((one) => one.name === name));
  if (options.list || unknown.length > 0) {
    if (unknown.length > 0) say(`no benchmark "${unknown.join('", "')}"`);
    say(`benchmarks: ${benchmarks.map(({ name }) => name).join(', ')}`);
    process.exitCode = unknown.length > 0 ? 2 : 0;
    return;
  }
  const cleanUp = createCleanUp();
  cleanUpOnSignals(cleanUp);
  try {
    if (options.apart) await runForParent(options, cleanUp);
    else await runAll(options, cleanUp);
  } finally {
    await cleanUp.run();
  }
}

/** Runs one benchmark as the child of `runApart`. */
async function runForParent(
  options: BenchOptions,
  cleanUp: ReturnType<typeof createCleanUp>,
): Promise<void> {
  const place = await createBenchPlace(options.dir, cleanUp);
  for (const benchmark of chosen(options.names)) {
    const result = await benchmark.run({
      place,
      rounds: (usual) => planRounds(usual, options.quick),
      progress: (text) => say(`… ${benchmark.name}: ${text}`),
    });
    process.send?.(result);
  }
}

async function runAll(
  options: BenchOptions,
  cleanUp: ReturnType<typeof createCleanUp>,
): Promise<void> {
  const place = await createBenchPlace(options.dir, cleanUp);
  const facts = await machineFacts(place.dir);
  const print = (text: string) => (options.json ? undefined : process.stdout.write(`${text}\n`));
  print(
    Object.entries(facts)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n') + '\n',
  );
  const results = new Map<Benchmark, BenchmarkResult>();
  for (const benchmark of chosen(options.names)) {
    const result = await runApart(benchmark.name, options, cleanUp);
    results.set(benchmark, result);
    print(textReport(benchmark, result));
  }
  if (options.json) process.stdout.write(jsonReport(facts, results));
}

function chosen(names: readonly string[]): readonly Benchmark[] {
  return names.length === 0 ? benchmarks : benchmarks.filter(({ name }) => names.includes(name));
}

await main(readOptions(process.argv.slice(2)));
