import type { IncusClient, IncusError } from '@pikaci/incus-client';
import { fail, ok, type Outcome, type WorkspaceMode } from '@pikaci/model';
import { guestLayout, workspaceSetupScript, type JobMount } from '@pikaci/paths';
import { posix } from 'node:path';
import { guestFiles } from './guest-files.js';
import { incusFailure, type IncusPlace } from './incus-failure.js';
import { followScript, superviseScript } from './supervisor-script.js';

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
export async function prepareGuest(preparation: GuestPreparation): Promise<Outcome<void>> {
  const written = await writeGuestFiles(preparation);
  if (!written.ok) return written;
  const { client, place } = preparation;
  const ran = await client.execRecorded(place.instance, {
    command: ['sh', '-c', setupCommand(preparation)],
    cwd: '/',
  });
  if (!ran.ok) {
    return { ok: false, error: incusFailure('set up the working tree', ran.error, place) };
  }
  if (ran.value.returnCode === 0) return ok(undefined);
  return fail('infrastructure', 'The working tree could not be set up in the guest', {
    location: { instance: place.instance },
    reason: ran.value.stderr.toString().trim() || `exit ${ran.value.returnCode}`,
    hint: 'Look at the mounts of the job, and at whether the server supports overlays in its guests: pikaci doctor',
  });
}

type Write = () => ReturnType<IncusClient['files']['write']>;

async function writeGuestFiles(preparation: GuestPreparation): Promise<Outcome<void>> {
  const { client, place, user: uid, group: gid, mode } = preparation;
  const directory =
    (path: string, owner: { uid?: number; gid?: number } = {}): Write =>
    () =>
      client.files.write(place.instance, path, '', { type: 'directory', mode: 0o755, ...owner });
  const file =
    (path: string, content: string): Write =>
    () =>
      client.files.write(place.instance, path, content, { mode: 0o755 });
  const steps: readonly (readonly Write[])[] = [
    parents(guestLayout.state).map((path) => directory(path)),
    [directory(guestFiles.output, { uid, gid }), directory(guestFiles.artifacts, { uid, gid })],
    [
      file(guestFiles.setupScript, setupScript(preparation)),
      file(guestFiles.superviseScript, superviseScript(workingTree(mode))),
      file(guestFiles.followScript, followScript()),
      file(guestFiles.command, `${preparation.command}\n`),
    ],
  ];
  for (const step of steps) {
    for (const write of step) {
      const written = await write();
      if (!written.ok) return unwritten(written.error, place);
    }
  }
  return ok(undefined);
}

function unwritten(error: IncusError, place: IncusPlace): Outcome<never> {
  return { ok: false, error: incusFailure('write into the guest', error, place) };
}

/** Every directory on the way to a path, the path included, the root not. */
function parents(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '');
  return steps.map((_, index) => `/${steps.slice(0, index + 1).join('/')}`);
}

/** The setup script; a job that does not run as root gets at least the top of its writable tree for itself. */
function setupCommand({ mode, user, group }: GuestPreparation): string {
  const setup = `sh ${guestFiles.setupScript}`;
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
