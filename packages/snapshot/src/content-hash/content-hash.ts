import type { Outcome } from '@pikaci/model';
import { canonicalDirectory, pathInside } from '../canonical-path.js';
import { contentHashV1 } from './content-hash-v1.js';
import { sourceFilter, type ContentHashProfile } from './source-filter.js';

/** Which workspace is hashed, and how. */
export interface WorkspaceContentHash {
  readonly workspaceRoot: string;
  /** No part of the content, wherever it lies. */
  readonly stateRoot: string;
  readonly profile: ContentHashProfile;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The earlier format's hash of a workspace as it is on disk: tracked, untracked and ignored files alike, less what its
 * filter leaves out by name.
 */
export async function hashWorkspaceV1(request: WorkspaceContentHash): Promise<Outcome<string>> {
  const { workspaceRoot, stateRoot, profile, signal } = request;
  const root = await canonicalDirectory(workspaceRoot);
  if (!root.ok) return root;
  return contentHashV1({
    dir: root.value,
    keeps: sourceFilter(profile),
    excluded: await pathInside(root.value, stateRoot),
    signal,
  });
}

/** The earlier format's hash of a snapshot: all of its tree. */
export function hashTreeV1(treeDir: string, signal?: AbortSignal): Promise<Outcome<string>> {
  return contentHashV1({ dir: treeDir, signal });
}
