import { fail, ok, type Failure, type Outcome } from '@pikaci/model';
import { workspaceSetupScript, workspaceSetupStatus } from '@pikaci/paths';
import type { NamespaceLauncher } from '../namespace/launcher.js';
import { runSetUp, type NotSetUp } from '../namespace/run-set-up.js';
import type { FinishedCommand, RefusedOverlay, TreeCommand, TreeRequest } from './working-tree.js';

/**
 * Runs a command in a private mount namespace: overlay on the snapshot, read-only bind mounts. When the namespace's
 * last process ends the kernel takes all of it away; only the directories of the layers remain.
 */
export async function runInNamespace(
  launcher: NamespaceLauncher,
  request: TreeRequest,
  command: TreeCommand,
): Promise<Outcome<FinishedCommand | RefusedOverlay>> {
  const ran = await runSetUp(launcher, setupScript(request), request.workspaceDir, command);
  if (!ran.ok) return ran;
  if (ran.value.kind === 'not-set-up') return setupOutcome(ran.value);
  const { result, tree } = ran.value;
  return ok({
    kind: 'finished',
    result,
    treeDir: tree === null ? null : `/proc/self/fd/${tree.fd}`,
    release: async () => tree?.close(),
  });
}

/** A script that makes a working tree where it runs. */
export function setupScript(request: TreeRequest): string {
  return workspaceSetupScript({
    snapshotDir: request.snapshotDir,
    workDir: request.workspaceDir,
    layersDir: request.layersDir,
    mode: request.mode,
    mounts: request.mounts.map(({ mount, path }) => ({
      name: mount.name,
      source: mount.source,
      target: path,
      mode: mount.mode,
    })),
    verify: [],
  });
}

/** What it means that the setup ended before the job could start. */
export function setupOutcome({
  exitCode,
  reason,
}: Omit<NotSetUp, 'kind'>): Outcome<RefusedOverlay> {
  if (exitCode === workspaceSetupStatus.overlayRefused) return ok({ kind: 'refused', reason });
  return setupFailure(reason);
}

function setupFailure(reason: string): { readonly ok: false; readonly error: Failure } {
  const message = 'The working tree could not be set up';
  // Lines about a mount are about its declaration: the rest of the machine has been tried out before.
  if (!reason.startsWith('mount "')) return fail('infrastructure', message, { reason });
  return fail('config', message, {
    reason,
    hint: 'Change the mount or the workspace as it says, or run the job in the incus runtime.',
  });
}
