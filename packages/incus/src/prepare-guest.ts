import type { IncusClient } from '@pikaci/incus-client';
import type { Outcome, WorkspaceMode } from '@pikaci/model';
import { guestLayout, workspaceSetupScript, type JobMount } from '@pikaci/paths';
import { posix } from 'node:path';
import { guestFiles } from './guest-files.js';
import type { IncusPlace } from './incus-failure.js';
import { runSetupScript, setUpGuest } from './set-up-guest.js';

/** What a started instance is made ready with. */
export interface GuestPreparation {
  readonly client: IncusClient;
  readonly place: IncusPlace & { readonly instance: string };
  readonly mode: WorkspaceMode;
  readonly mounts: readonly JobMount[];
  readonly command: string;
  readonly user: number;
  readonly group: number;
}

/** Where the job's command runs in the guest. */
export function workingTree(mode: WorkspaceMode): string {
  return mode === 'overlay' ? guestLayout.work : guestLayout.snapshot;
}

/** Where a mount is to be found in the guest. */
export function mountPlace(mount: JobMount, mode: WorkspaceMode): string {
  if (mount.workspacePath === null) return mount.attachPath;
  return posix.join(workingTree(mode), mount.workspacePath);
}

/** Writes pikaci's files into the guest, builds the working tree and verifies every mount. */
export function prepareGuest(preparation: GuestPreparation): Promise<Outcome<void>> {
  const { mode, ...rest } = preparation;
  return setUpGuest({
    ...rest,
    workingDirectory: workingTree(mode),
    setupScript: setupScript(preparation),
    setupCommand: setupCommand(preparation),
  });
}

/** The setup script; a job that does not run as root gets at least the top of its writable tree for itself. */
function setupCommand({ mode, user, group }: GuestPreparation): string {
  const setup = runSetupScript;
  const isRoot = user === 0 && group === 0;
  return mode === 'overlay' && !isRoot
    ? `${setup} && chown ${user}:${group} ${workingTree(mode)}`
    : setup;
}

function setupScript({ mode, mounts }: GuestPreparation): string {
  return workspaceSetupScript({
    snapshotDir: guestLayout.snapshot,
    workDir: workingTree(mode),
    mode,
    layersDir: guestFiles.layers,
    mounts: mounts
      .filter((mount) => mount.workspacePath !== null)
      .map((mount) => ({
        name: mount.name,
        source: mount.attachPath,
        target: mountPlace(mount, mode),
      })),
    verify: [
      { name: 'snapshot', path: guestLayout.snapshot },
      ...mounts.map((mount) => ({ name: mount.name, path: mount.attachPath })),
    ],
  });
}
