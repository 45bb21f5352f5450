import { fileURLToPath } from 'node:url';
import { runProgram } from '../machine/run-program.js';
import { alternate } from '../report/alternate.js';
import type { Benchmark } from '../report/benchmark.js';
import { aimedRatio, measuredRows } from './rows.js';

const program = fileURLToPath(new URL('../../../../packages/cli/bin/pikaci.js', import.meta.url));

const pikaci = (what: string, ...args: readonly string[]) => ({
  what,
  measure: () => runProgram(process.execPath, [program, ...args]),
});

/** Asking pikaci something small is about as fast as starting Node. */
export const startup: Benchmark = {
  name: 'startup',
  measures:
    'pikaci as a process of its own, against Node that does nothing: only what a command needs is loaded.',
  run: async ({ rounds }) => {
    const samples = await alternate(
      [
        { what: 'node -e 0', measure: () => runProgram(process.execPath, ['-e', '0']) },
        pikaci('pikaci --version', '--version'),
        pikaci('pikaci status --help', 'status', '--help'),
        pikaci('pikaci --help', '--help'),
      ],
      rounds(15),
    );
    const measured = measuredRows(samples, 'node -e 0');
    return {
      measured,
      aimed: [aimedRatio('startup, --version', measured, 'pikaci --version', 1.6)],
      notes: [],
    };
  },
};
