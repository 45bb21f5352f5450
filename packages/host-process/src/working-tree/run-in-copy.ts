import { lstat, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { copyTree, removeTree, runCommand, systemErrorCode, systemFailure } from '@pikaci/host';
import { fail, ok, type Outcome } from '@pikaci/model';
import { shellCommand } from '@pikaci/paths';
import { loopbackUp, type NamespaceWay } from '../namespace/network-none.js';
import type { FinishedCommand, PlacedMount, TreeCommand, TreeRequest } from './working-tree.js';

/** How a job comes to run in copies. */
export interface CopyReason {
  /** Why nothing is mounted. */
  readonly why: string;
  /** Where its command has to run: a namespace without network; null: where pikaci runs. */
  readonly way: NamespaceWay | null;
}

/**
 * Runs a command in a copy of the snapshot, with copies of the payloads in it. What the job does to them stays in the
 * copies. Mounts at absolute paths cannot be made this way.
 */
export async function runInCopy(
  request: TreeRequest,
  command: TreeCommand,
  { why, way }: CopyReason,
): Promise<Outcome<FinishedCommand>> {
  const made = await makeCopies(request, why, command.signal);
  if (!made.ok) return made;
  const { script, onStarted, ...rest } = command;
  const ran = await runCommand({
    ...rest,
    command: commandIn(way, script),
    cwd: request.workspaceDir,
    observeSpawn: (pid) => onStarted({ pid, way }),
  });
  if (!ran.ok) return ran;
  return ok({
    kind: 'finished',
    result: ran.value,
    treeDir: request.workspaceDir,
    release: () => Promise.resolve(),
  });
}

function commandIn(way: NamespaceWay | null, script: string): readonly string[] {
  const command = ['/bin/sh', '-c', script];
  if (way === null) return command;
  const launch = `${loopbackUp}\nexec ${shellCommand([...way.dropRights, ...command])}`;
  return [...way.enter, '/bin/sh', '-c', launch];
}

/** Makes a working tree of copies. */
export async function makeCopies(
  request: TreeRequest,
  why: string,
  signal: AbortSignal | undefined,
): Promise<Outcome<void>> {
  // Refused before anything is copied: that may take a while.
  for (const { mount } of request.mounts) {
    if (mount.workspacePath === null) return absoluteMountFailure(mount.name, mount.guestPath, why);
  }
  const copied = await copyTree(request.snapshotDir, request.workspaceDir, signal);
  if (!copied.ok) return copied;
  for (const placed of request.mounts) {
    const done = await copyMount(request, placed, signal);
    if (!done.ok) return done;
  }
  return ok(undefined);
}

function absoluteMountFailure(name: string, guestPath: string | null, why: string): Outcome<never> {
  return fail('config', `mount "${name}" cannot be made at ${guestPath ?? 'its path'}`, {
    reason: `a process has no mounts of its own on this machine: ${why}`,
    hint: 'Give the mount a workspacePath, or run the job in the incus runtime.',
  });
}

async function copyMount(
  request: TreeRequest,
  placed: PlacedMount,
  signal: AbortSignal | undefined,
): Promise<Outcome<void>> {
  const { name, source, workspacePath } = placed.mount;
  const found = await inspectPoint(request.workspaceDir, workspacePath ?? '.');
  if (found === 'link') {
    return fail('config', `mount "${name}" would lie outside the working tree`, {
      reason: `${workspacePath ?? '.'} goes through a symbolic link of the workspace`,
      hint: "Remove the link from the workspace, or change the mount's workspacePath.",
    });
  }
  if (found === 'missing' && request.mode === 'read-only') {
    return fail('config', `mount "${name}": there is no ${placed.path} to mount it at`, {
      reason: 'the workspace is read-only',
      hint: 'Use "workspace: overlay", or add the mount point to the workspace.',
    });
  }
  try {
    await mkdir(dirname(placed.path), { recursive: true });
  } catch (error) {
    return systemFailure(`mount "${name}" could not be copied`, error, placed.path);
  }
  const cleared = await removeTree(placed.path);
  if (!cleared.ok) return cleared;
  const copied = await copyTree(source, placed.path, signal);
  return copied.ok ? ok(undefined) : copied;
}

/** What is at a path of the tree, and whether the way there stays in the tree. */
async function inspectPoint(root: string, steps: string): Promise<'link' | 'missing' | 'there'> {
  let path = root;
  for (const step of steps.split('/')) {
    path = join(path, step);
    try {
      if ((await lstat(path)).isSymbolicLink()) return 'link';
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return 'missing';
      throw error;
    }
  }
  return 'there';
}
