import type { PayloadMode, WorkspaceMode } from '@pikaci/model';
import { posix } from 'node:path';
import { absolutePathProblem, isWithin } from '../containment.js';
import { shellCommand } from '../shell-quote.js';
import { setupFunctions } from './setup-functions.js';

/** Exit statuses of the script; each comes with one line `pikaci-setup: <what>` on standard error. */
export const workspaceSetupStatus = {
  /** The working tree or a mount cannot be made as it is declared. */
  failed: 97,
  /** No overlay can be mounted here. Only the directories of tree and layers have been made; the caller may copy the snapshot instead. */
  overlayRefused: 98,
} as const;

/** What the lines of the script on standard error begin with. */
export const workspaceSetupPrefix = 'pikaci-setup: ';

/** A mount that is made after the working tree stands: a read-only bind mount unless its mode says otherwise. */
export interface SetupMount {
  /** For messages. */
  readonly name: string;
  /** Absolute path of a directory or a file, as the script sees it. */
  readonly source: string;
  /** Absolute path in the working tree, or of an existing mount point elsewhere. */
  readonly target: string;
  /**
   * `overlay`: the mount is writable, and what is written lies in a layer of its own. A single file is a copy, which
   * can be written to but, being a mount, neither removed nor replaced by a rename.
   */
  readonly mode?: PayloadMode;
  /** Makes a mount point outside the working tree where there is none: for guests, whose disk is the job's own. */
  readonly makePoint?: boolean;
}

/** A mount that somebody else has made. */
export interface SetupCheck {
  readonly name: string;
  readonly path: string;
}

/** The working tree of one job, and what is mounted for it. All paths are absolute, where the script runs. */
export interface WorkspaceSetup {
  readonly snapshotDir: string;
  /** Where the working tree appears. In mode `read-only` it may be the snapshot's directory. */
  readonly workDir: string;
  readonly mode: WorkspaceMode;
  /**
   * What the job writes to its working tree lies in `upper` below it; `work` and `probe` are the kernel's and ours. The
   * layers of writable mounts lie in `mounts/<number>`.
   */
  readonly layersDir: string;
  readonly mounts: readonly SetupMount[];
  /** Must be mounted already, and read-only. */
  readonly verify: readonly SetupCheck[];
  /**
   * Copies in the place of overlays, of the working tree and of writable mounts: for guests whose root does not own the
   * files below and so could change none of them.
   */
  readonly copies?: boolean;
}

/**
 * A POSIX `sh` script that makes a job's working tree and mounts, checks that each mount is there and read-only or, in
 * mode `overlay`, writable, and then falls through to whatever is appended to it. It needs a mount namespace of its own (a container, `unshare`) and
 * the right to mount in it; `mount` and `umount` may be those of util-linux or busybox. Where the file system of
 * `layersDir` cannot carry an overlay, the layers go to a tmpfs on top of it.
 */
export function workspaceSetupScript(setup: WorkspaceSetup): string {
  const problem = firstPathProblem(setup);
  const steps = problem === null ? setupSteps(setup) : [call('fail', problem)];
  // In a subshell, so that none of its variables reaches the job, and with the system's own programs first.
  const path = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH';
  return ['(', path, 'LC_ALL=C', setupFunctions, ...steps, ') || exit', ''].join('\n');
}

function setupSteps(setup: WorkspaceSetup): string[] {
  const { snapshotDir, workDir, layersDir, mode, mounts } = setup;
  const overlay = mode === 'overlay';
  const snapshotMount = { name: 'snapshot', source: snapshotDir, target: workDir };
  const bound = overlay || workDir === snapshotDir ? mounts : [snapshotMount, ...mounts];
  return [
    ...(setup.copies === true ? ['copies=1'] : ['copies=']),
    overlay
      ? call('overlay', snapshotDir, layersDir, workDir)
      : call('read_only_tree', snapshotDir, workDir),
    ...mounts.flatMap((mount, index) => mountSteps(setup, mount, index)),
    call('read_mounts'),
    ...bound.map(settleStep),
    ...setup.verify.map(({ name, path }) => call('verify', name, path)),
  ];
}

function mountSteps(setup: WorkspaceSetup, mount: SetupMount, index: number): string[] {
  const { name, source, target, mode = 'read-only', makePoint = false } = mount;
  const layers = mode === 'overlay' ? posix.join(setup.layersDir, 'mounts', String(index)) : '';
  if (!isWithin(setup.workDir, target)) {
    return [
      ...(makePoint ? [call('make_missing_point', name, source, target)] : []),
      call('mount_elsewhere', name, source, target, layers),
    ];
  }
  const steps = posix.relative(setup.workDir, target);
  return [call('mount_in_tree', name, source, setup.workDir, steps, setup.mode, layers)];
}

/** What makes sure that a mount is as it should be. */
function settleStep({ name, source, target, mode }: SetupMount): string {
  return mode === 'overlay'
    ? call('verify_writable', name, target)
    : call('make_read_only', name, source, target);
}

function call(name: string, ...words: readonly string[]): string {
  return shellCommand([`pikaci_${name}`, ...words]);
}

/** Why the script cannot work with a path; the script then says just this. */
function firstPathProblem(setup: WorkspaceSetup): string | null {
  const paths = [
    ['the snapshot', setup.snapshotDir],
    ['the working tree', setup.workDir],
    ['the layers', setup.layersDir],
    ...setup.mounts.flatMap(({ name, source, target }) => [
      [`mount "${name}"`, source],
      [`mount "${name}"`, target],
    ]),
    ...setup.verify.map(({ name, path }) => [`mount "${name}"`, path]),
  ] as const;
  for (const [what = '', path = ''] of paths) {
    const problem = absolutePathProblem(path);
    // As JSON, so that the message stays on one line whatever the path holds.
    if (problem !== null) return `${what}: the path ${JSON.stringify(path)} ${problem}`;
  }
  return null;
}
