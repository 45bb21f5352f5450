import { systemErrorCode } from '@pikaci/host';
import { reservedArtifactNames } from '@pikaci/model';
import { artifactPatterns } from '@pikaci/paths';
import { walkTree } from './tree-walk.js';

/** What a job's artifacts directory holds, and what the reader should know. */
export interface KeptFiles {
  /** Relative to the artifacts directory, sorted; without pikaci's own. */
  readonly paths: readonly string[];
  readonly notes: readonly string[];
}

/** Files in a job's artifacts directory: what the job itself wrote there, and what was collected already. */
export async function keptFiles(artifactsDir: string): Promise<KeptFiles> {
  const paths: string[] = [];
  try {
    for await (const { path, kind } of walkTree(artifactsDir, '', () => true)) {
      if (kind === 'file' && !reservedArtifactNames.includes(path)) paths.push(path);
    }
  } catch (error) {
    if (systemErrorCode(error) === null || !(error instanceof Error)) throw error;
    const notes = [`not all of PIKACI_ARTIFACTS could be looked at: ${error.message}`];
    return { paths: paths.sort(), notes };
  }
  return { paths: paths.sort(), notes: [] };
}

/**
 * Those of some kept files that are what the job declared.
 *
 * @param declared globs, as the job has them
 */
export function declaredAmong(
  paths: readonly string[],
  declared: readonly string[],
): readonly string[] {
  const patterns = artifactPatterns(declared);
  return paths.filter(
    (path) =>
      !patterns.isExcluded(path) && patterns.included.some((pattern) => pattern.matches(path)),
  );
}
