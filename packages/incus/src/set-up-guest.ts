import type { IncusClient } from '@pikaci/incus-client';
import { err, fail, ok, reachFaultPoint, type Outcome } from '@pikaci/model';
import { guestLayout } from '@pikaci/paths';
import { guestFiles } from './guest-files.js';
import type { IncusPlace } from './incus-failure.js';
import { provisioningFailure, type Provisioning } from './provisioning.js';
import { followScript, superviseScript, type CommandLimits } from './supervisor-script.js';

/** What a command in a guest needs. */
export interface GuestSetup {
  readonly client: IncusClient;
  readonly place: IncusPlace & { readonly instance: string };
  /** Makes the working directory and verifies every mount. */
  readonly setupScript: string;
  /** What runs it. */
  readonly setupCommand: string;
  readonly workingDirectory: string;
  readonly command: string;
  readonly user: number;
  readonly group: number;
  readonly limits: CommandLimits;
  readonly provisioning: Provisioning;
}

/** A shell command that runs the setup script. */
export const runSetupScript = `sh ${guestFiles.setupScript}`;

/** Writes pikaci's files into a started guest and runs the setup. The command is ready to be followed then. */
export async function setUpGuest(setup: GuestSetup): Promise<Outcome<void>> {
  const written = await writeGuestFiles(setup);
  if (!written.ok) return written;
  const { client, place, provisioning } = setup;
  const ran = await client.execRecorded(
    place.instance,
    { command: ['sh', '-c', setup.setupCommand], cwd: '/' },
    { signal: provisioning.signal },
  );
  if (!ran.ok) {
    return err(provisioningFailure('set up the working tree', ran.error, place, provisioning));
  }
  if (ran.value.returnCode === 0) {
    await reachFaultPoint('incus.guest-ready');
    return ok(undefined);
  }
  return fail('infrastructure', 'The working tree could not be set up in the guest', {
    location: { instance: place.instance },
    reason: ran.value.stderr.toString().trim() || `exit ${ran.value.returnCode}`,
    hint: 'Look at the mounts, and at whether the server supports overlays in its guests: pikaci doctor',
  });
}

type Write = () => ReturnType<IncusClient['files']['write']>;

async function writeGuestFiles(setup: GuestSetup): Promise<Outcome<void>> {
  const { client, place, user: uid, group: gid, provisioning } = setup;
  const { signal } = provisioning;
  const directory =
    (path: string, owner: { uid?: number; gid?: number } = {}): Write =>
    () =>
      client.files.write(place.instance, path, '', {
        type: 'directory',
        mode: 0o755,
        signal,
        ...owner,
      });
  const file =
    (path: string, content: string): Write =>
    () =>
      client.files.write(place.instance, path, content, { mode: 0o755, signal });
  const steps: readonly (readonly Write[])[] = [
    parents(guestLayout.state).map((path) => directory(path)),
    [directory(guestFiles.output, { uid, gid }), directory(guestFiles.artifacts, { uid, gid })],
    [
      file(guestFiles.setupScript, setup.setupScript),
      file(guestFiles.superviseScript, superviseScript(setup.workingDirectory, setup.limits)),
      file(guestFiles.followScript, followScript()),
      file(guestFiles.command, `${setup.command}\n`),
    ],
  ];
  for (const step of steps) {
    for (const write of step) {
      const written = await write();
      if (!written.ok) {
        const step = 'write into the guest';
        return err(provisioningFailure(step, written.error, place, provisioning));
      }
    }
  }
  return ok(undefined);
}

/** Every directory on the way to a path, the path included, the root not. */
function parents(path: string): string[] {
  const steps = path.split('/').filter((step) => step !== '');
  return steps.map((_, index) => `/${steps.slice(0, index + 1).join('/')}`);
}
