import { join } from 'node:path';
import { acquireLock, isOwnerAlive, lockOwner, removeTree, type Lock } from '@pikaci/host';
import { fail, ok, type Outcome, type ProcessOwner } from '@pikaci/model';

/** Where a shell in a job keeps what is its own, below the job's directory. */
export interface ShellPlace {
  /** Of all files of the shell but its working tree, which is where the job's was. */
  readonly shellDir: string;
  /** What the shell finds as PIKACI_ARTIFACTS: those of the job stay as they are. */
  readonly artifactsDir: string;
  /** Held by the process whose shell it is. */
  readonly lockFile: string;
}

/** The name of the lock's file, and of others that taking it makes begin so. */
export const shellLockName = 'shell.lock';

/** @param jobDir absolute path of the job's directory */
export function shellPlace(jobDir: string): ShellPlace {
  const shellDir = join(jobDir, 'shell');
  return {
    shellDir,
    artifactsDir: join(shellDir, 'artifacts'),
    lockFile: join(jobDir, shellLockName),
  };
}

/** Takes the place of a job's shell, of which there is one; a failure when somebody is in it. */
export async function takeShellPlace(jobDir: string, jobId: string): Promise<Outcome<Lock>> {
  const refused = new AbortController();
  const holders: ProcessOwner[] = [];
  const lock = await acquireLock(shellPlace(jobDir).lockFile, {
    signal: refused.signal,
    onWait: (owner) => {
      holders.push(owner);
      refused.abort();
    },
  });
  const [holder] = holders;
  if (holder === undefined) return lock;
  return fail('selection', `There is a shell in job "${jobId}" already`, {
    reason: `process ${holder.pid} has opened it, and two would share one working tree`,
    hint: 'Leave that one first.',
  });
}

/** The process that has a shell in a job, dead or alive; null when there is none. */
export function shellOwner(jobDir: string): Promise<ProcessOwner | null> {
  return lockOwner(shellPlace(jobDir).lockFile);
}

/** A failure while somebody has a shell in a job: what the job would work on is under that one's feet. */
export async function refuseWhileOpen(jobDir: string, jobId: string): Promise<Outcome<void>> {
  const owner = await shellOwner(jobDir);
  if (owner === null || !(await isOwnerAlive(owner))) return ok(undefined);
  return fail('infrastructure', `There is a shell in job "${jobId}", which would lose its files`, {
    reason: `process ${owner.pid} has opened it`,
    hint: 'Leave it, and go on with the run: `npx pikaci resume`.',
  });
}

/** Removes what a shell has kept beside its working tree. */
export function removeShellFiles(jobDir: string): Promise<Outcome<void>> {
  return removeTree(shellPlace(jobDir).shellDir);
}
