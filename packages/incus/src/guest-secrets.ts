import type { IncusClient } from '@pikaci/incus-client';
import { ok, type JobSecretValue, type Outcome } from '@pikaci/model';
import { shellCommand } from '@pikaci/paths';
import { posix } from 'node:path';
import { guestFiles } from './guest-files.js';
import { incusFailure, type IncusPlace } from './incus-failure.js';

/** The variables by which a job finds its secrets: the values themselves, or where the files are. */
export function secretVariables(
  secrets: readonly JobSecretValue[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    secrets.map((secret) => [secret.name, secret.as === 'env' ? secret.value : secretFile(secret)]),
  );
}

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
      secretFile(secret),
      secret.value,
      options,
    );
    if (!written.ok) {
      return { ok: false, error: incusFailure('write a secret', written.error, place) };
    }
  }
  return ok(undefined);
}

/** By the variable: a secret may be asked for twice. */
function secretFile({ name }: JobSecretValue): string {
  return posix.join(guestFiles.secrets, name);
}
