import { endMarkedProcesses, runCommand, systemFailure, type CommandResult } from '@pikaci/host';
import { fail, ok, type BuildCommand, type BuildEnd, type Outcome } from '@pikaci/model';
import { buildSetupScript, isWithin } from '@pikaci/paths';
import { randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { NamespaceSupport } from '../namespace/detect-namespaces.js';
import type { NamespaceLauncher } from '../namespace/launcher.js';
import { runSetUp } from '../namespace/run-set-up.js';
import type { TreeCommand } from '../working-tree/working-tree.js';
import { buildEnvironment } from './build-environment.js';
import {
  copyDependencies,
  placeDependencies,
  removeDependencies,
  type PlacedMount,
} from './place-dependencies.js';

/** What every build of a runtime needs. */
export interface ProcessBuildSettings {
  readonly environment: NodeJS.ProcessEnv;
  readonly graceSeconds: number;
  /** What builds must not change, although their own directories may be in it. */
  readonly stateRoot: string | null;
  support(): Promise<NamespaceSupport>;
}

/** Runs the command of a build, with what it depends on in place. */
export async function runBuild(
  settings: ProcessBuildSettings,
  build: BuildCommand,
): Promise<Outcome<BuildEnd>> {
  const support = await settings.support();
  try {
    const placed = await placeDependencies(build, support.available);
    if (!placed.ok) return placed;
    const mark = { PIKACI_BUILD_ID: randomBytes(8).toString('hex') };
    const env = { ...buildEnvironment(build, placed.value, settings.environment), ...mark };
    const command = treeCommand(settings, build, { env, endWithUs: { marks: mark } });
    const ran = support.available
      ? await mounted(settings, support.launcher, build, placed.value, command)
      : await copied(support.reason, build, placed.value, command);
    // What left the process group, with setsid for example, must not write into the payload later.
    await endMarkedProcesses(mark);
    const removed = await removeDependencies(placed.value, !support.available);
    if (!ran.ok) return build.signal.aborted ? ok(cancelledEnd) : ran;
    return removed.ok ? ok(buildEnd(ran.value)) : removed;
  } catch (error) {
    return systemFailure(`The build of payload "${build.payloadId}" could not be run`, error);
  }
}

function treeCommand(
  { graceSeconds }: ProcessBuildSettings,
  build: BuildCommand,
  own: Pick<TreeCommand, 'env' | 'endWithUs'>,
): TreeCommand {
  const { run, timeoutSeconds, signal, force, onOutput } = build;
  return {
    ...own,
    script: run,
    network: 'default',
    timeoutSeconds,
    graceSeconds,
    signal,
    force,
    onStarted: () => undefined,
    onStdout: onOutput,
    onStderr: onOutput,
  };
}

const cancelledEnd: BuildEnd = { ending: 'cancelled', exitCode: null, signal: null };

/** In a namespace of its own: dependencies are mounted, and the store cannot be changed. */
async function mounted(
  { stateRoot }: ProcessBuildSettings,
  launcher: NamespaceLauncher,
  { payloadId, workDir, outputDir }: BuildCommand,
  placed: readonly PlacedMount[],
  command: TreeCommand,
): Promise<Outcome<CommandResult>> {
  const setup = buildSetupScript({
    workDir,
    ...(await protection(stateRoot, workDir, outputDir)),
    mounts: placed
      .filter(({ source, path }) => path !== source)
      .map(({ mount, source, path }) => ({ name: mount.name, source, target: path })),
    verify: [],
  });
  const ran = await runSetUp(launcher, setup, workDir, command);
  if (!ran.ok) return ran;
  if (ran.value.kind === 'ran') {
    await ran.value.tree?.close();
    return ok(ran.value.result);
  }
  const { reason } = ran.value;
  return fail(
    reason.startsWith('mount "') ? 'config' : 'infrastructure',
    `What the build of payload "${payloadId}" depends on could not be mounted`,
    { reason, hint: 'Change the mount as it says, or build the payload in the incus runtime.' },
  );
}

/** The directory above both of a build's own is made writable, so that files can be moved from one to the other. */
async function protection(
  stateRoot: string | null,
  workDir: string,
  outputDir: string,
): Promise<{ readonly protectedDir: string | null; readonly writableDirs: readonly string[] }> {
  if (stateRoot === null) return { protectedDir: null, writableDirs: [] };
  const protectedDir = await realpath(stateRoot);
  const own = [await realpath(workDir), await realpath(outputDir)];
  let common = dirname(own[0] ?? workDir);
  while (!own.every((dir) => isWithin(common, dir))) common = dirname(common);
  const inside = (dir: string) => dir !== protectedDir && isWithin(protectedDir, dir);
  return { protectedDir, writableDirs: inside(common) ? [common] : own.filter(inside) };
}

async function copied(
  why: string,
  build: BuildCommand,
  placed: readonly PlacedMount[],
  { script, ...limits }: TreeCommand,
): Promise<Outcome<CommandResult>> {
  build.onLog(`nothing can be mounted for the build, so dependencies are copied: ${why}`);
  const done = await copyDependencies(placed, build.signal);
  if (!done.ok) return done;
  return runCommand({ ...limits, command: ['/bin/sh', '-c', script], cwd: build.workDir });
}

const endings = {
  exited: 'exited',
  signalled: 'exited',
  'timed-out': 'timed-out',
  aborted: 'cancelled',
} as const;

function buildEnd({ ending, exitCode, signal }: CommandResult): BuildEnd {
  return { ending: endings[ending], exitCode, signal };
}
