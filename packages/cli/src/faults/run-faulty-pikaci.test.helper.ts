import { spawn } from 'node:child_process';
import type { PlannedFault } from './fault-plan.test.helper.js';
import { faultVariable, reachedVariable } from './fault-report.test.helper.js';
import type { FaultWorld } from './fault-world.test.helper.js';

/** How a pikaci process ended. */
export interface PikaciEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** It had not ended after a long time, and was killed by the test. */
  readonly hung: boolean;
}

export interface PikaciProcess {
  readonly program: string;
  readonly argv: readonly string[];
  readonly fault: PlannedFault | null;
  /** Interrupts it when it has printed so many lines. */
  readonly interruptAfter?: number | null;
}

/** Longer than any run of the suite takes, also on a busy machine. */
const patienceMs = 120_000;

/** Runs pikaci as a process of its own, with a fault. */
export function runFaultyPikaci(
  world: Pick<FaultWorld, 'workspaceRoot' | 'env' | 'reachedFile'>,
  asked: PikaciProcess,
): Promise<PikaciEnd> {
  const { program, argv, fault, interruptAfter = null } = asked;
  const child = spawn(process.execPath, [program, ...argv], {
    cwd: world.workspaceRoot,
    env: {
      ...world.env,
      [faultVariable]: JSON.stringify(fault),
      [reachedVariable]: world.reachedFile,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let lines = 0;
  let hung = false;
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    const before = lines;
    lines += chunk.filter((byte) => byte === 0x0a).length;
    if (interruptAfter !== null && before < interruptAfter && lines >= interruptAfter) {
      child.kill('SIGINT');
    }
  });
  const patience = setTimeout(() => {
    hung = true;
    child.kill('SIGKILL');
  }, patienceMs);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // Not `close`: what a killed pikaci leaves may hold its outputs open.
    child.once('exit', (exitCode, signal) => {
      clearTimeout(patience);
      resolve({ exitCode, signal, stdout, stderr, hung });
    });
  });
}
