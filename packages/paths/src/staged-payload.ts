import { fail, ok, type HostContext, type HostPlace, type Outcome } from '@pikaci/model';
import { posix, relative } from 'node:path';
import { isWithin } from './containment.js';

/** The directory of one job on a remote host: `<work dir>/runs/<run>/jobs/<job>`. */
export function remoteJobDir(workDir: string, runId: string, jobId: string): string {
  return posix.join(workDir, 'runs', runId, 'jobs', jobId);
}

/** A path of the local job directory, re-rooted at the remote one. A path outside the job directory is an error. */
export function remoteJobPath(
  localPath: string,
  localJobDir: string,
  remoteDir: string,
): Outcome<string> {
  if (!isWithin(localJobDir, localPath)) {
    return fail('config', `The path ${localPath} lies outside the job directory ${localJobDir}`, {
      hint: 'Give the payload a stageAt below the job directory.',
    });
  }
  return ok(posix.join(remoteDir, ...relative(localJobDir, localPath).split(/[\\/]/)));
}

/** The remote path of every staged mount of a job, in order. */
export function stagedPayloadRemoteDirs(
  context: Pick<HostContext, 'jobDir' | 'stagedPayloadMounts'>,
  remoteDir: string,
): Outcome<readonly string[]> {
  const dirs: string[] = [];
  for (const mount of context.stagedPayloadMounts) {
    const dir = remoteJobPath(mount.localMountPath, context.jobDir, remoteDir);
    if (!dir.ok) return dir;
    dirs.push(dir.value);
  }
  return ok(dirs);
}

/** Where a staged mount is, and on which host it is wanted. */
export interface StagedPayloadPlace {
  readonly localMountPath: string;
  readonly localJobDir: string;
  /** Only looked at for a remote host. */
  readonly remoteJobDir: string;
  readonly host: HostPlace;
}

/**
 * The root of a staged payload on the host that runs the job: the canonical path of the mount on a local host, the
 * same place below the remote job directory on a remote one.
 *
 * @param canonicalise resolves every symbolic link of a local path, or fails
 */
export async function stagedPayloadSourceRoot(
  place: StagedPayloadPlace,
  canonicalise: (path: string) => Promise<Outcome<string>>,
): Promise<Outcome<string>> {
  const remote = remoteJobPath(place.localMountPath, place.localJobDir, place.remoteJobDir);
  if (!remote.ok) return remote;
  return place.host.kind === 'local' ? canonicalise(place.localMountPath) : remote;
}
