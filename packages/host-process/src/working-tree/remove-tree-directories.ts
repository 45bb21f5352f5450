import { removeTree } from '@pikaci/host';
import type { Outcome } from '@pikaci/model';
import type { TreeRequest } from './working-tree.js';

/** Removes a job's working tree and its layers, also half-made ones. */
export async function removeTreeDirectories(
  request: Pick<TreeRequest, 'workspaceDir' | 'layersDir'>,
): Promise<Outcome<void>> {
  const tree = await removeTree(request.workspaceDir);
  const layers = await removeTree(request.layersDir);
  return tree.ok ? layers : tree;
}
