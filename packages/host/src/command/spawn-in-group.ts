import { spawn, type ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import { stat } from 'node:fs/promises';
import { err, fail, ok, type Failure, type Outcome } from '@pikaci/model';
import { systemErrorCode, systemFailure } from '../system-error.js';
import type { CommandSpec } from './command-spec.js';

/** How the first process of a group ended. */
export interface ProcessExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A started command. Its streams are not being read yet. */
export interface SpawnedCommand {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<ProcessExit>;
}

/** Starts a command as the leader of a process group (and session) of its own. */
export async function spawnInGroup(spec: CommandSpec): Promise<Outcome<SpawnedCommand>> {
  const [program, ...args] = spec.command;
  if (program === undefined) throw new TypeError('a command needs a program');
  try {
    const child = spawn(program, args, {
      cwd: spec.cwd,
      env: commandEnvironment(spec),
      detached: true,
      stdio: [spec.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const exited = new Promise<ProcessExit>((resolve) => {
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
    const started = await whenStarted(child);
    if (started !== null) throw started;
    feed(child, spec.stdin);
    return ok(spawnedCommand(child, exited));
  } catch (error) {
    return startFailure(spec, program, error);
  }
}

function commandEnvironment(spec: CommandSpec): NodeJS.ProcessEnv {
  if (spec.env === undefined) return process.env;
  return spec.extendEnv === true ? { ...process.env, ...spec.env } : spec.env;
}

function whenStarted(child: ChildProcess): Promise<Error | null> {
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', resolve);
  });
}

function feed(child: ChildProcess, input: CommandSpec['stdin']): void {
  const { stdin } = child;
  if (stdin === null || input === undefined) return;
  // A command may end without having read everything: that is its right, and no failure.
  stdin.on('error', () => undefined);
  if (input instanceof Readable) input.pipe(stdin);
  else stdin.end(input);
}

function spawnedCommand(child: ChildProcess, exited: Promise<ProcessExit>): SpawnedCommand {
  const { pid, stdout, stderr } = child;
  if (pid === undefined || stdout === null || stderr === null) {
    throw new TypeError('a started process has an id and both output streams');
  }
  return { pid, stdout, stderr, exited };
}

async function startFailure(
  spec: CommandSpec,
  program: string,
  error: unknown,
): Promise<{ readonly ok: false; readonly error: Failure }> {
  const message = `The command "${program}" could not be started`;
  // The system reports a missing directory as a missing program.
  if (!(await isDirectory(spec.cwd))) {
    return fail('infrastructure', message, {
      reason: `its working directory ${spec.cwd} does not exist`,
      hint: 'Create the directory, or run the command in another one.',
    });
  }
  const code = systemErrorCode(error);
  // A directory on the PATH that may not be searched makes a missing program a forbidden one.
  if (code === 'ENOENT' || (code === 'EACCES' && !program.includes('/'))) {
    return fail('infrastructure', message, {
      reason: 'there is no such program',
      hint: program.includes('/')
        ? 'Check the path of the program.'
        : `Install "${program}", or add its directory to PATH.`,
    });
  }
  if (code === 'ERR_INVALID_ARG_VALUE') {
    return fail('config', message, { reason: 'an argument or a variable holds a NUL byte' });
  }
  const failed = systemFailure(message, error);
  // The next attempt would be as long.
  return code === 'E2BIG' ? err({ ...failed.error, kind: 'config' }) : failed;
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
