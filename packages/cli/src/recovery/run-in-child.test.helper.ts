import { writeFileSync } from 'node:fs';
import { processIo } from '../io.js';
import { runCli } from '../run-cli.js';

export interface ChildCall {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Gets the id of the process, by which it is killed. */
  readonly pidFile: string;
}

/** The command line as a process of its own. */
export async function pikaci({ argv, cwd, pidFile }: ChildCall): Promise<void> {
  writeFileSync(pidFile, String(process.pid));
  process.exitCode = await runCli(argv, { ...processIo(), cwd });
}
