import { captureCommand } from '@pikaci/host';
import { fail, ok, type Outcome } from '@pikaci/model';
import { shellCommand } from '@pikaci/paths';
import { fullDisk, type WrittenDisk } from './full-disk.js';
import { gitEnvironment, gitSettings } from './git-environment.js';

/** Where and with what a git call runs. */
export interface GitContext {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Names the private index, objects and directories. */
  readonly variables: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  /** Lets everyone read the files that git writes, whatever the user's umask is: guests' users are strangers. */
  readonly writesForAll?: boolean;
  /** Where it may write: when a call fails, one of them may be full. */
  readonly disks?: readonly WrittenDisk[];
}

/** What git said. */
export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  /** `stdout` without the line end. */
  readonly text: string;
  readonly stderr: string;
}

/** A million paths of 256 bytes. */
const mostOutputBytes = 256 * 1024 * 1024;

/** What goes into a git call, and where its output goes. */
export interface GitStreams {
  readonly stdin?: Buffer;
  /** Takes the output as it comes, instead of the answer. */
  readonly onStdout?: (chunk: Uint8Array) => void;
}

/** Runs git and returns what it said, whatever its exit code. Fails when it cannot run, or was told to stop. */
export async function askGit(
  context: GitContext,
  args: readonly string[],
  streams: GitStreams = {},
): Promise<Outcome<GitAnswer>> {
  return askGitInTurn(context, [args], streams);
}

/**
 * Runs git several times, one after the other until one exits with another code than 0, in one shell: that costs less
 * than to start each from here. The first one gets the input; the answer is that of the one that ended it.
 */
async function askGitInTurn(
  context: GitContext,
  calls: readonly (readonly string[])[],
  streams: GitStreams,
): Promise<Outcome<GitAnswer>> {
  const done = await captureCommand({
    command: commandOf(context, calls),
    cwd: context.cwd,
    maxBytes: mostOutputBytes,
    env: gitEnvironment(context.environment, context.variables),
    ...streams,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  if (!done.ok) {
    const { reason } = done.error;
    return reason === 'there is no such program' ? gitMissing(reason) : done;
  }
  const { ending, exitCode, stdout } = done.value;
  if (ending === 'aborted') return fail('cancelled', 'The snapshot was cancelled');
  const stderr = done.value.stderr.toString('utf8').trim();
  if (exitCode === 127) return gitMissing(stderr);
  if (exitCode === null) return gitKilled(calls[0] ?? []);
  return ok({ exitCode, stdout, text: stdout.toString('utf8').replace(/\n$/, ''), stderr });
}

/** Runs git and fails unless it exits with 0; the reason is what git wrote to stderr. */
export async function runGit(
  context: GitContext,
  args: readonly string[],
  streams: GitStreams = {},
): Promise<Outcome<GitAnswer>> {
  const answer = await askGit(context, args, streams);
  if (!answer.ok || answer.value.exitCode === 0) return answer;
  return gitCouldNot(context, args, answer.value);
}

/** What `runGit` does, for several calls in turn; only the last one may print anything. */
export async function runGitInTurn(
  context: GitContext,
  calls: readonly (readonly string[])[],
  streams: GitStreams = {},
): Promise<Outcome<GitAnswer>> {
  const answer = await askGitInTurn(context, calls, streams);
  if (!answer.ok || answer.value.exitCode === 0) return answer;
  return gitCouldNot(
    context,
    calls.map(([name = '']) => name),
    answer.value,
  );
}

function commandOf(
  { writesForAll = false }: GitContext,
  calls: readonly (readonly string[])[],
): readonly string[] {
  const [only, ...more] = calls.map((args) => ['git', ...gitSettings, ...args]);
  if (only === undefined) throw new TypeError('a call of git is needed');
  if (more.length === 0 && !writesForAll) return only;
  const script = [only, ...more].map(shellCommand).join(' && ');
  return ['sh', '-c', writesForAll ? `umask 022; ${script}` : script];
}

/** The failure of a git call that may have written something: the disk may have been in its way. */
export async function gitCouldNot(
  context: GitContext,
  args: readonly string[],
  answer: GitAnswer,
): Promise<Outcome<never>> {
  const { disks = [] } = context;
  return (await fullDisk(disks, answer.stderr)) ?? gitFailed(context, args, answer);
}

/** The failure of a git call that answered, but not what was wanted. */
export function gitFailed(
  context: GitContext,
  args: readonly string[],
  answer: GitAnswer,
): ReturnType<typeof fail> {
  return fail('snapshot', `git ${args[0] ?? ''} failed in ${context.cwd}`, {
    reason: answer.stderr || `exit code ${answer.exitCode}`,
    hint: hintFor(answer.stderr),
  });
}

function gitMissing(stderr: string) {
  return fail('snapshot', 'A snapshot needs git, which cannot be started', {
    reason: stderr,
    hint: 'Install git, or add its directory to PATH.',
  });
}

function gitKilled(args: readonly string[]) {
  return fail('snapshot', `git ${args[0] ?? ''} was ended by a signal`, {
    hint: 'Look whether the machine ran out of memory, then try again.',
  });
}

function hintFor(stderr: string): string {
  if (stderr.includes('dubious ownership')) {
    const directory = /repository at '([^']*)'/.exec(stderr)?.[1] ?? '<path>';
    return `The repository belongs to another user. If you trust it: git config --global --add safe.directory ${directory}`;
  }
  if (stderr.includes('Permission denied')) {
    return 'Make it readable, or list it in .gitignore if no job needs it.';
  }
  if (stderr.includes('Ignoring path ')) {
    return 'Git takes no such name: rename it, or leave it out with snapshot.exclude or .gitignore.';
  }
  return 'Run "git status" there to see what is wrong with the repository.';
}
