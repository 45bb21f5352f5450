import type { TestWorkspace } from '@pikaci/testkit';
import { utimesSync } from 'node:fs';
import { capturedIo } from '../captured-io.test.helper.js';
import { runCli } from '../run-cli.js';
import { aftermathOf, type Aftermath } from './aftermath.test.helper.js';
import { brokenPromises, type BrokenPromise } from './broken-promises.test.helper.js';
import { planFaultRun, type FaultPlan } from './fault-plan.test.helper.js';
import {
  createFaultWorld,
  reachedPoints,
  type FaultServer,
  type FaultWorld,
} from './fault-world.test.helper.js';
import { leakedInstances } from './promises/instances.test.helper.js';
import { lostOutput } from './promises/logs.test.helper.js';
import { recordedRuns } from './recorded-runs.test.helper.js';
import { runFaultyPikaci } from './run-faulty-pikaci.test.helper.js';

/** What one run of the suite came to. */
export interface FaultOutcome {
  readonly plan: FaultPlan;
  readonly fired: boolean;
  /** Fault points that were reached, each once. */
  readonly reached: readonly string[];
  readonly broken: readonly BrokenPromise[];
  readonly leaked: number;
  readonly lostBytes: number;
  /** What those who clean up said. */
  readonly told: string;
}

/** What runs of the suite share. */
export interface FaultBench {
  /** Path of the program that is made to fail. */
  readonly program: string;
  readonly workspace: TestWorkspace;
}

/** Does all that a seed stands for: pikaci with a fault, what somebody does next, a sweep, and a look at the promises. */
export async function faultRun(
  seed: number,
  bench: FaultBench,
  server: FaultServer,
  keep = false,
): Promise<FaultOutcome> {
  const plan = planFaultRun(seed);
  const world = await createFaultWorld(plan, server, bench.workspace);
  try {
    const { aftermath, told } = await runAndRecover(world, bench.program);
    const broken = [...(await brokenPromises(aftermath)), ...hangs(aftermath, told)];
    return {
      plan,
      fired: aftermath.fired,
      reached: [...new Set(reachedPoints(world))],
      broken,
      leaked: (await leakedInstances(aftermath)).length,
      lostBytes: lostOutput(aftermath).lostBytes,
      told: broken.length === 0 ? '' : [told, keep ? world.workspaceRoot : ''].join('\n'),
    };
  } finally {
    if (!keep) await world.remove();
  }
}

/** Runs pikaci with the fault of the plan, and does what somebody would do then. */
export async function runAndRecover(
  world: FaultWorld,
  program: string,
): Promise<{ readonly aftermath: Aftermath; readonly told: string }> {
  const { fault, interruptAfter, followUp } = world.plan;
  const argv = ['run', '--output', 'jsonl'];
  const ended = await runFaultyPikaci(world, { program, argv, fault, interruptAfter });
  const aftermath = aftermathOf(world, ended);
  const told = [`exit ${ended.exitCode ?? ended.signal ?? ''}: ${ended.stderr}`];
  told.push(await runPlainly(world, followUp));
  letCreationsAge(world);
  told.push(await runPlainly(world, 'sweep'));
  return { aftermath, told: told.join('\n') };
}

function hangs({ ended }: Aftermath, told: string): readonly BrokenPromise[] {
  const hung = ended.hung || told.includes(hungText);
  return hung ? [{ promise: 'processes', what: `pikaci ${hungText}` }] : [];
}

/** Runs a command without any fault; returns what it said. */
export async function runPlainly(world: FaultWorld, ...argv: readonly string[]): Promise<string> {
  const io = capturedIo({
    cwd: world.workspaceRoot,
    env: world.env,
    uid: process.getuid?.() ?? null,
  });
  const code = await Promise.race([runCli(argv, io), patienceIsOver()]);
  return `${argv.join(' ')}: ${code}\n${io.stdout.text}${io.stderr.text}`;
}

/** Longer than any command of the suite takes, also on a busy machine. */
const patienceMs = 120_000;
const hungText = 'did not come to an end';

function patienceIsOver(): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve(hungText), patienceMs).unref());
}

/** A directory without record may be that of a run which is just being created, for ten minutes: let them be over. */
function letCreationsAge(world: FaultWorld): void {
  for (const { dir, record } of recordedRuns(world)) {
    if (record === null) utimesSync(dir, 0, 0);
  }
}
