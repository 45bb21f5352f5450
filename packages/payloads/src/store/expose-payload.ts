import { systemFailure } from '@pikaci/host';
import { fail, ok, reachFaultPoint, type Outcome, type PreparedPayload } from '@pikaci/model';
import { lstat, mkdir, readlink, symlink, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts a link to a payload at a path in a job's directory. Another link that is there is replaced; anything else that is
 * there stays, because it is none of ours. Nothing else is made on the way, which a killed process could leave behind:
 * whoever goes on with its run makes the link again.
 */
export async function exposePayload(
  payload: PreparedPayload,
  localMountPath: string,
): Promise<Outcome<void>> {
  try {
    await mkdir(dirname(localMountPath), { recursive: true });
    const found = await lstat(localMountPath).catch(() => null);
    if (found !== null && !found.isSymbolicLink()) return occupied(payload, localMountPath);
    const leadsThere = found !== null && (await readlink(localMountPath)) === payload.storePath;
    if (found !== null && !leadsThere) await unlink(localMountPath);
    if (!leadsThere) await symlink(payload.storePath, localMountPath);
    await reachFaultPoint('payload.exposed');
    return ok(undefined);
  } catch (error) {
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
