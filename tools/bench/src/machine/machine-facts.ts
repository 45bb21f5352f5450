import { cpus, loadavg, release, totalmem } from 'node:os';
import { runProgram } from './run-program.js';

/** What the figures depend on. */
export type MachineFacts = Readonly<Record<string, string>>;

/** Facts of the machine; `dir` is where the benchmarks write. */
export async function machineFacts(dir: string): Promise<MachineFacts> {
  const processors = cpus();
  const orMissing = (text: Promise<string>) =>
    text.then((value) => value.trim()).catch(() => 'none');
  return {
    cores: `${processors.length} × ${processors[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    load: loadavg()[0]?.toFixed(1) ?? '',
    kernel: release(),
    'file system': `${await orMissing(runProgram('stat', ['-f', '-c', '%T', dir]))} (${dir})`,
    node: process.version,
    git: (await orMissing(runProgram('git', ['--version']))).replace('git version ', ''),
  };
}
