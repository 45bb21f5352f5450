import { reservedArtifactNames } from '@pikaci/model';
import { artifactPatterns } from '@pikaci/paths';
import { walkTree } from './tree-walk.js';

/**
 * Files in a job's artifacts directory that are what the job declared, relative to it and in order.
 *
 * @param declared globs, as the job has them
 */
export async function keptArtifacts(
  declared: readonly string[],
  artifactsDir: string,
): Promise<readonly string[]> {
  const patterns = artifactPatterns(declared);
  const paths: string[] = [];
  for await (const { path, kind } of walkTree(artifactsDir, '', () => true)) {
    if (kind !== 'file' || reservedArtifactNames.includes(path) || patterns.isExcluded(path))
      continue;
    if (patterns.included.some((pattern) => pattern.matches(path))) paths.push(path);
  }
  return paths.sort();
}
