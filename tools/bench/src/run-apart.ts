import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CleanUp } from './machine/clean-up.js';
import type { BenchOptions } from './options.js';
import type { BenchmarkResult } from './report/benchmark.js';

/**
 * Runs a benchmark in a process of its own: what another one has left in memory makes the start of every program
 * slower, and a benchmark would depend on which ones came before it.
 *
 * @throws when it fails, which it has told itself
 */
export async function runApart(
  name: string,
  { quick, dir }: BenchOptions,
  cleanUp: CleanUp,
): Promise<BenchmarkResult> {
  const program = fileURLToPath(new URL('./main.js', import.meta.url));
  const options = ['--apart', '--dir', dir, ...(quick ? ['--quick'] : [])];
  const child = fork(program, [name, ...options], { serialization: 'advanced' });
  const exited = once(child, 'exit');
  cleanUp.add(`end ${name}`, async () => {
    child.kill('SIGINT');
    if (child.exitCode === null && child.signalCode === null) await exited;
  });
  let result: BenchmarkResult | null = null;
  child.on('message', (message) => {
    result = message as BenchmarkResult;
  });
  const [code] = (await exited) as [number | null];
  if (code !== 0 || result === null) throw new Error(`${name} ended with ${code ?? 'a signal'}`);
  return result;
}
