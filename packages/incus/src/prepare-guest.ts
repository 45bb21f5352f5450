import type { IncusClient } from '@pikaci/incus-client';
import type { Outcome, WorkspaceMode } from '@pikaci/model';
import { guestLayout, shellCommand, workspaceSetupScript, type JobMount } from '@pikaci/paths';
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
  if (mount.workspacePath === null) return mount.guestPath ?? mount.attachPath;
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

/** The setup script; a job that does not run as root gets at least the top of what it may write to for itself. */
function setupCommand({ mode, mounts, user, group }: GuestPreparation): string {
  const setup = runSetupScript;
  const writable = [
    ...(mode === 'overlay' ? [workingTree(mode)] : []),
    ...mounts.filter((mount) => mount.mode === 'overlay').map((mount) => mountPlace(mount, mode)),
  ];
  const isRoot = user === 0 && group === 0;
  if (isRoot || writable.length === 0) return setup;
  return `${setup} && ${shellCommand(['chown', `${user}:${group}`, ...writable])}`;
}

function setupScript({ mode, mounts }: GuestPreparation): string {
  return workspaceSetupScript({
    snapshotDir: guestLayout.snapshot,
    workDir: workingTree(mode),
    mode,
    layersDir: guestFiles.layers,
    mounts: mounts
      .filter((mount) => mountPlace(mount, mode) !== mount.attachPath)
      .map((mount) => ({
        name: mount.name,
        source: mount.attachPath,
        target: mountPlace(mount, mode),
        mode: mount.mode,
        makePoint: true,
      })),
    verify: [
      { name: 'snapshot', path: guestLayout.snapshot },
      ...mounts.map((mount) => ({ name: mount.name, path: mount.attachPath })),
    ],
  });
}
