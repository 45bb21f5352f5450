import { endMarkedProcesses, runCommand, type CommandResult } from '@pikaci/host';
import {
  ok,
  type BuildCommand,
  type BuildEnd,
  type BuildRuntime,
  type Outcome,
} from '@pikaci/model';
import { randomBytes } from 'node:crypto';
import { buildEnvironment } from './build-environment.js';
import { copyDependencies } from './copy-dependencies.js';

/** Settings of builds as plain processes; all may be left out. */
export interface ProcessBuildRuntimeOptions {
  /** What builds inherit a part of; the environment of this process unless set. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Builds payloads as plain processes of this machine. */
export function createProcessBuildRuntime(options: ProcessBuildRuntimeOptions = {}): BuildRuntime {
  const { environment = process.env } = options;
  return {
    id: 'process',
    identify: () => Promise.resolve(ok([])),
    run: (build) => runBuild(build, environment),
  };
}

async function runBuild(
  build: BuildCommand,
  environment: NodeJS.ProcessEnv,
): Promise<Outcome<BuildEnd>> {
  const dependencies = await copyDependencies(build.dependencies, build.workDir);
  if (!dependencies.ok) return dependencies;
  const mark = { PIKACI_BUILD_ID: randomBytes(8).toString('hex') };
  const done = await runCommand({
    command: ['sh', '-c', build.run],
    cwd: build.workDir,
    env: { ...buildEnvironment(build, dependencies.value, environment), ...mark },
    timeoutSeconds: build.timeoutSeconds,
    signal: build.signal,
    onStdout: build.onOutput,
    onStderr: build.onOutput,
  });
  // What left the process group, with setsid for example, must not write into the payload later.
  await endMarkedProcesses(mark);
  return done.ok ? ok(buildEnd(done.value)) : done;
}

const endings = {
  exited: 'exited',
  signalled: 'exited',
  'timed-out': 'timed-out',
  aborted: 'cancelled',
} as const;

/** How a command ended, in the words of builds. */
export function buildEnd({ ending, exitCode, signal }: CommandResult): BuildEnd {
  return { ending: endings[ending], exitCode, signal };
}
