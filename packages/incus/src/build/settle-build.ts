import { describeIncusError, type IncusClient } from '@pikaci/incus-client';
import { ownTree, type FileOwner } from '@pikaci/host';
import { fail, ok, type BuildCommand, type Outcome } from '@pikaci/model';
import { guestLayout, shellCommand } from '@pikaci/paths';
import { removeInstance, type OwnedInstance, type Removal } from '../instance-teardown.js';

/**
 * Ends all that runs in a build's guest, and gives what it wrote to the user on the host: guest root can do that for
 * users who cannot do it themselves. Best effort, the result is checked on the host.
 *
 * @returns why it did not work, or null
 */
export async function releaseFiles(
  client: IncusClient,
  instance: string,
  owner: FileOwner,
): Promise<string | null> {
  // As root of the host one takes the files oneself. Changing owners would also hide setuid bits from the check.
  if (owner.uid === 0) return null;
  const directories = [guestLayout.work, guestLayout.output];
  const give = shellCommand(['chown', '-hR', `${owner.uid}:${owner.gid}`, ...directories]);
  const command = ['sh', '-c', `kill -9 -1; ${give}`];
  const ran = await client.execRecorded(instance, { command, cwd: '/' });
  if (!ran.ok) return describeIncusError(ran.error);
  return ran.value.returnCode === 0 ? null : ran.value.stderr.toString().trim();
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
