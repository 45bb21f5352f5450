import { describeIncusError, type IncusClient } from '@pikaci/incus-client';
import { ownTree, type FileOwner } from '@pikaci/host';
import { fail, ok, type BuildCommand, type Outcome } from '@pikaci/model';
import { guestLayout, shellCommand } from '@pikaci/paths';
import { removeInstance, type OwnedInstance, type Removal } from '../instance-teardown.js';

/** How long what was ended by force may take to give its files away, in ms: the end by force has 5 s in all. */
const forcedReleaseMs = 2000;

/** What giving files away needs. */
export interface Release {
  readonly client: IncusClient;
  readonly owner: FileOwner;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Ends all that runs in a build's guest, and gives what it wrote to the user on the host: guest root can do that for
 * users who cannot do it themselves. Best effort, the result is checked on the host.
 *
 * @param force raised: it is not waited for any longer than a moment
 * @returns why it did not work, or null
 */
export async function releaseFiles(
  { client, owner, pause }: Release,
  instance: string,
  force: AbortSignal,
): Promise<string | null> {
  // As root of the host one takes the files oneself. Changing owners would also hide setuid bits from the check.
  if (owner.uid === 0) return null;
  const directories = [guestLayout.work, guestLayout.output];
  const give = shellCommand(['chown', '-hR', `${owner.uid}:${owner.gid}`, ...directories]);
  const command = ['sh', '-c', `kill -9 -1; ${give}`];
  const limit = limitAfter(force, forcedReleaseMs, pause);
  const ran = await client.execRecorded(instance, { command, cwd: '/' }, { signal: limit.signal });
  limit.forget();
  if (!ran.ok) return describeIncusError(ran.error);
  return ran.value.returnCode === 0 ? null : ran.value.stderr.toString().trim();
}

/** A signal that is raised some time after another one. */
function limitAfter(
  force: AbortSignal,
  milliseconds: number,
  pause: Release['pause'],
): { readonly signal: AbortSignal; forget(): void } {
  const limit = new AbortController();
  const over = new AbortController();
  const onForce = () => {
    void pause(milliseconds, over.signal).then(() => {
      limit.abort();
    });
  };
  if (force.aborted) onForce();
  else force.addEventListener('abort', onForce, { once: true });
  return {
    signal: limit.signal,
    forget: () => {
      force.removeEventListener('abort', onForce);
      over.abort();
    },
  };
}

/**
 * Removes a build's instance and makes what it wrote the user's own. The instance has to be gone first: as long as it
 * is there, something in it may write.
 */
export async function settleBuild(
  server: Removal,
  instance: OwnedInstance,
  { payloadId, workDir, outputDir }: Pick<BuildCommand, 'payloadId' | 'workDir' | 'outputDir'>,
  owner: FileOwner,
): Promise<Outcome<void>> {
  const left = await removeInstance(server, instance);
  if (left !== null) {
    return fail('infrastructure', `The instance of the build of payload "${payloadId}" remained`, {
      location: { instance: instance.name },
      reason: left,
      hint: 'Remove it and run again: as long as it runs, the build may go on writing.',
    });
  }
  for (const directory of [workDir, outputDir]) {
    const owned = await ownTree(directory, owner);
    if (!owned.ok) return owned;
  }
  return ok(undefined);
}
