import { captureCommand } from '@pikaci/host';
import { fail, ok, type Outcome } from '@pikaci/model';

/** Where git is asked, and in which environment. */
export interface GitPlace {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. The index to work with, if not that of the repository. */
  readonly indexFile?: string;
}

/** What git answered. */
export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: string;
  /** Without space around it. */
  readonly stderr: string;
}

/** Variables that say how git works on this machine. The others may name the repository of a hook that pikaci runs in. */
const machineVariable =
  /^GIT_(CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH|CONFIG_.*)$/u;

/** Nothing is run for the user and nothing asked of him; messages are English, since some are told apart by their text. */
const ownVariables = {
  LC_ALL: 'C',
  LANGUAGE: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
};

/** No monitor is started, and no part of an index is written beside that of the repository. */
const settings = ['-c', 'core.fsmonitor=false', '-c', 'core.splitIndex=false'];

/** A million changed files, each with its path, modes and object names. */
const mostOutputBytes = 256 * 1024 * 1024;

/** Asks git something; any exit code is an answer. Fails when git cannot be started or is killed. */
export async function askGit(
  { cwd, env, indexFile }: GitPlace,
  args: readonly string[],
): Promise<Outcome<GitAnswer>> {
  const done = await captureCommand({
    command: ['git', ...settings, ...args],
    cwd,
    env: {
      ...gitVariables(env),
      ...(indexFile === undefined ? {} : { GIT_INDEX_FILE: indexFile }),
    },
    maxBytes: mostOutputBytes,
  });
  if (!done.ok) return done;
  const { exitCode, stdout, stderr } = done.value;
  if (exitCode === null) return gitFailed(args, cwd, 'it was ended by a signal');
  return ok({ exitCode, stdout: stdout.toString(), stderr: stderr.toString().trim() });
}

/** Asks git for a list of entries, each ended by a NUL; an exit code other than 0 is a failure. */
export async function listWithGit(
  place: GitPlace,
  args: readonly string[],
): Promise<Outcome<readonly string[]>> {
  const answer = await askGit(place, args);
  if (!answer.ok) return answer;
  const { exitCode, stdout, stderr } = answer.value;
  if (exitCode !== 0) return gitFailed(args, place.cwd, stderr || `exit code ${exitCode}`);
  return ok(stdout.split('\0').slice(0, -1));
}

function gitVariables(env: GitPlace['env']): Record<string, string> {
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || (name.startsWith('GIT_') && !machineVariable.test(name))
      ? []
      : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), ...ownVariables };
}

function gitFailed(args: readonly string[], cwd: string, reason: string): ReturnType<typeof fail> {
  return fail('infrastructure', `git ${args[0] ?? ''} failed in ${cwd}`, {
    reason,
    hint: 'Run "git status" there to see what is wrong, or leave --changed-since out.',
  });
}
