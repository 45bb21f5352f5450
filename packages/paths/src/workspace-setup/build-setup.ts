import { posix } from 'node:path';
import { absolutePathProblem, isWithin } from '../containment.js';
import { shellCommand } from '../shell-quote.js';
import { setupFunctions } from './setup-functions.js';
import type { SetupCheck, SetupMount } from './workspace-setup.js';

/** What a build sees: its own directories, which it may write to, and what it depends on. All paths are absolute. */
export interface BuildSetup {
  readonly workDir: string;
  /** A directory that the build must not change, although what is in it may be its own; null when there is none. */
  readonly protectedDir: string | null;
  /** Directories in the protected one that the build may change. */
  readonly writableDirs: readonly string[];
  /** Read-only bind mounts, in the working directory or at existing mount points elsewhere. */
  readonly mounts: readonly SetupMount[];
  /** Must be mounted already, and read-only. */
  readonly verify: readonly SetupCheck[];
}

const protectFunction = `
# directory, and those in it that stay writable
pikaci_protect() {
  protected=$1
  shift
  for writable; do
    pikaci_try mount --bind "$writable" "$writable" || pikaci_fail "$writable cannot be mounted: $error"
  done
  pikaci_try mount --rbind "$protected" "$protected" || pikaci_fail "$protected cannot be mounted: $error"
  pikaci_read_mounts
  pikaci_make_read_only store "$protected" "$protected"
}
`;

/**
 * A POSIX `sh` script like that of `workspaceSetupScript`, for a build: it has a directory of its own instead of an
 * overlay, what it writes there stays, and no mount is ever writable.
 */
export function buildSetupScript(setup: BuildSetup): string {
  const problem = firstPathProblem(setup);
  const steps = problem === null ? setupSteps(setup) : [call('fail', problem)];
  const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH';
  const functions = `${setupFunctions}${protectFunction}`;
  return ['(', path, 'LC_ALL=C', functions, ...steps, ') || exit', ''].join('\n');
}

function setupSteps({ workDir, protectedDir, writableDirs, mounts, verify }: BuildSetup): string[] {
  return [
    ...(protectedDir === null ? [] : [call('protect', protectedDir, ...writableDirs)]),
    ...mounts.map(({ name, source, target }) =>
      isWithin(workDir, target)
        ? call('mount_in_tree', name, source, workDir, posix.relative(workDir, target), 'overlay')
        : call('mount_elsewhere', name, source, target),
    ),
    call('read_mounts'),
    ...mounts.map(({ name, source, target }) => call('make_read_only', name, source, target)),
    ...verify.map(({ name, path }) => call('verify', name, path)),
  ];
}

function call(name: string, ...words: readonly string[]): string {
  return shellCommand([`pikaci_${name}`, ...words]);
}

function firstPathProblem(setup: BuildSetup): string | null {
  const { workDir, protectedDir, writableDirs, mounts, verify } = setup;
  const paths: readonly (readonly [string, string])[] = [
    ['the build directory', workDir],
    ...[...(protectedDir === null ? [] : [protectedDir]), ...writableDirs].map(
      (path) => ['the store', path] as const,
    ),
    ...mounts.flatMap(({ name, source, target }) =>
      [source, target].map((path) => [`mount "${name}"`, path] as const),
    ),
    ...verify.map(({ name, path }) => [`mount "${name}"`, path] as const),
  ];
  for (const [what, path] of paths) {
    const problem = absolutePathProblem(path);
    if (problem !== null) return `${what}: the path ${JSON.stringify(path)} ${problem}`;
  }
  return null;
}
