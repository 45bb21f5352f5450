import type { IncusClient } from '@pikaci/incus-client';
import { ok, type JobSecretValue, type Outcome } from '@pikaci/model';
import { secretFilePath, shellCommand } from '@pikaci/paths';
import { guestFiles } from './guest-files.js';
import { incusFailure, type IncusPlace } from './incus-failure.js';

/** A shell command that makes the place of the secrets: in memory, so that they are on no disk; empty without any. */
export function makeSecretsPlace(secrets: readonly JobSecretValue[]): string {
  if (!secrets.some(({ as }) => as === 'file')) return '';
  const place = guestFiles.secrets;
  return `${shellCommand(['mkdir', '-p', place])} && ${shellCommand(['mount', '-t', 'tmpfs', '-o', 'mode=0755,size=16m', 'tmpfs', place])}`;
}

/** Puts the secrets that are files into their place; the job's user alone can read them. */
export async function writeSecretFiles(
  client: IncusClient,
  place: IncusPlace & { readonly instance: string },
  secrets: readonly JobSecretValue[],
  owner: { readonly user: number; readonly group: number },
): Promise<Outcome<void>> {
  for (const secret of secrets.filter(({ as }) => as === 'file')) {
    const options = { mode: 0o400, uid: owner.user, gid: owner.group };
    const written = await client.files.write(
      place.instance,
      secretFilePath(guestFiles.secrets, secret),
      secret.value,
      options,
    );
    if (!written.ok) {
      return { ok: false, error: incusFailure('write a secret', written.error, place) };
    }
  }
  return ok(undefined);
}
