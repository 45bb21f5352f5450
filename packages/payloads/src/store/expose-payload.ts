import { systemFailure } from '@pikaci/host';
import { fail, ok, reachFaultPoint, type Outcome, type PreparedPayload } from '@pikaci/model';
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, symlink, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Puts a link to a payload at a path in a job's directory. A link that is there is replaced in one step; anything else
 * that is there stays, because it is none of ours.
 */
export async function exposePayload(
  payload: PreparedPayload,
  localMountPath: string,
): Promise<Outcome<void>> {
  const parent = dirname(localMountPath);
  const temporary = join(parent, `.${basename(localMountPath)}.${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(parent, { recursive: true });
    const found = await lstat(localMountPath).catch(() => null);
    if (found !== null && !found.isSymbolicLink()) return occupied(payload, localMountPath);
    await symlink(payload.storePath, temporary);
    await rename(temporary, localMountPath);
    await reachFaultPoint('payload.exposed');
    return ok(undefined);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    const what = `Payload "${payload.payloadId}" could not be linked to ${localMountPath}`;
    return systemFailure(what, error, localMountPath);
  }
}

function occupied(payload: PreparedPayload, path: string): ReturnType<typeof fail> {
  return fail('infrastructure', `Payload "${payload.payloadId}" cannot be linked to ${path}`, {
    location: { file: path },
    reason: 'something else than a link is there, and pikaci does not delete what it did not make',
    hint: 'Remove it, or give the payload another stageAt.',
  });
}
