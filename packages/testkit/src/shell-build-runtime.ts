import {
  ok,
  type BuildCommand,
  type BuildEnd,
  type BuildRuntime,
  type Outcome,
  type RuntimeId,
} from '@pikaci/model';
import { spawn } from 'node:child_process';

/**
 * A runtime for builds that only runs their commands: nothing of their dependencies is placed, and neither time limit
 * nor signal ends them. Whatever a test says differently replaces it.
 */
export function shellBuildRuntime(changes: Partial<BuildRuntime> = {}): BuildRuntime {
  return { id: 'process', identify: () => Promise.resolve(ok([])), run: runInShell, ...changes };
}

function runInShell(build: BuildCommand): Promise<Outcome<BuildEnd>> {
  const { run, workDir: cwd, outputDir, env, onOutput } = build;
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', run], {
      cwd,
      env: { PATH: process.env['PATH'], ...env, PIKACI_OUTPUT: outputDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      resolve(ok({ ending: 'exited', exitCode, signal }));
    });
  });
}

/** For payload stores whose builds need nothing more. */
export const shellBuildRuntimes: ReadonlyMap<RuntimeId, BuildRuntime> = new Map([
  ['process', shellBuildRuntime()],
]);
