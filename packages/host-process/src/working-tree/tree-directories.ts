import { join } from 'node:path';
import type { TreeRequest } from './working-tree.js';

/** Where the working tree and the layers of a job are. */
export function treeDirectories(jobDir: string): Pick<TreeRequest, 'workspaceDir' | 'layersDir'> {
  return { workspaceDir: join(jobDir, 'workspace'), layersDir: join(jobDir, 'layers') };
}
