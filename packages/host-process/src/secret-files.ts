import { writeFile } from 'node:fs/promises';
import { createMemoryDirectory, removeTree, systemFailure } from '@pikaci/host';
import { describeFailure, ok, type JobExecution, type Outcome } from '@pikaci/model';
import { secretFilePath } from '@pikaci/paths';

/** The secrets that a job gets as files. */
export interface SecretFiles {
  /** Empty when there are none. */
  readonly dir: string;
  remove(): Promise<void>;
}

/**
 * Writes the secrets that a job gets as files, for its user alone, into memory; where the machine has no such place,
 * the host log says so. A directory that a killed process left is removed when the next one is made.
 */
export async function placeSecretFiles(
  {
    secrets,
    observer,
  }: Pick<JobExecution, 'secrets'> & {
    readonly observer: Pick<JobExecution['observer'], 'onLog'>;
  },
  environment: NodeJS.ProcessEnv,
): Promise<Outcome<SecretFiles>> {
  const wanted = secrets.filter((secret) => secret.as === 'file');
  if (wanted.length === 0) return ok({ dir: '', remove: () => Promise.resolve() });
  const made = await createMemoryDirectory(environment);
  if (!made.ok) return made;
  const { path: dir, inMemory } = made.value;
  if (!inMemory) observer.onLog('no file system in memory: secrets are on disk while the job runs');
  const remove = async (): Promise<void> => {
    const removed = await removeTree(dir);
    if (!removed.ok) observer.onLog(describeFailure(removed.error));
  };
  try {
    for (const secret of wanted) {
      await writeFile(secretFilePath(dir, secret), secret.value, { mode: 0o400, flag: 'wx' });
    }
    return ok({ dir, remove });
  } catch (error) {
    await remove();
    return systemFailure('The secrets of the job could not be written', error, dir);
  }
}
