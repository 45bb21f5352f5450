import type { IncusClient } from '@pikaci/incus-client';
import type { JobSecretValue, NetworkMode, Outcome, WorkspaceMode } from '@pikaci/model';
import { guestLayout, shellCommand, workspaceSetupScript, type JobMount } from '@pikaci/paths';
import { posix } from 'node:path';
import { guestFiles } from './guest-files.js';
import { makeSecretsPlace, writeSecretFiles } from './guest-secrets.js';
import type { IncusPlace } from './incus-failure.js';
import { verifyNoNetwork } from './network-masks.js';
import type { Provisioning } from './provisioning.js';
import { runSetupScript, setUpGuest } from './set-up-guest.js';
import type { CommandLimits } from './supervisor-script.js';

/** What a started instance is made ready with. */
export interface GuestPreparation {
  readonly client: IncusClient;
  readonly place: IncusPlace & { readonly instance: string };
  readonly mode: WorkspaceMode;
  readonly mounts: readonly JobMount[];
  readonly command: string;
  readonly user: number;
  readonly group: number;
  readonly limits: CommandLimits;
  readonly network: NetworkMode;
  readonly secrets: readonly JobSecretValue[];
  /** Copies in the place of overlays. */
  readonly copies: boolean;
  readonly provisioning: Provisioning;
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

/** Writes pikaci's files into the guest, builds the working tree and verifies every mount; secrets come last. */
export async function prepareGuest(preparation: GuestPreparation): Promise<Outcome<void>> {
  const { client, place, mode, secrets } = preparation;
  const ready = await setUpGuest({
    ...preparation,
    workingDirectory: workingTree(mode),
    setupScript: setupScript(preparation),
    setupCommand: setupCommand(preparation),
  });
  return ready.ok ? writeSecretFiles(client, place, secrets, preparation) : ready;
}

/** The setup script; a job that does not run as root gets at least the top of what it may write to for itself. */
function setupCommand({ mode, mounts, user, group, network, secrets }: GuestPreparation): string {
  const writable = [
    ...(mode === 'overlay' ? [workingTree(mode)] : []),
    ...mounts.filter((mount) => mount.mode === 'overlay').map((mount) => mountPlace(mount, mode)),
  ];
  const needsOwner = (user !== 0 || group !== 0) && writable.length > 0;
  const steps = [
    runSetupScript,
    needsOwner ? shellCommand(['chown', `${user}:${group}`, ...writable]) : '',
    makeSecretsPlace(secrets),
    network === 'none' ? `{ ${verifyNoNetwork}\n}` : '',
  ];
  return steps.filter((step) => step !== '').join(' && ');
}

function setupScript({ mode, mounts, copies }: GuestPreparation): string {
  return workspaceSetupScript({
    snapshotDir: guestLayout.snapshot,
    workDir: workingTree(mode),
    mode,
    layersDir: guestFiles.layers,
    copies,
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
