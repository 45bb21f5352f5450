import {
  fail,
  formatTimestamp,
  ok,
  snapshotMarkerName,
  systemClock,
  type Clock,
  type Outcome,
  type Snapshot,
  type SnapshotIdentity,
  type SnapshotStore,
} from '@pikaci/model';
import { systemFailure } from '@pikaci/host';
import { snapshotLayout } from '@pikaci/paths';
import { canonicalDirectory, pathInside } from './canonical-path.js';
import { GitSession } from './git-session.js';
import { materialiseTree } from './materialise-tree.js';
import { snapshotHash, snapshotHashVersion } from './snapshot-hash.js';
import { snapshotStepTeller, type OnSnapshotStep } from './snapshot-steps.js';
import { isSnapshotTree } from './snapshot-marker.js';
import { writeWorkspaceTree, type WorkspaceTree } from './workspace-tree.js';

/** What a snapshot store needs. */
export interface SnapshotStoreOptions {
  /** Absolute path. When it lies inside a workspace, it is no part of that workspace's content. */
  readonly stateRoot: string;
  /** Absolute path of another state root, in which snapshots are kept instead: for one that is only to be looked at. */
  readonly keepIn?: string;
  readonly clock?: Clock;
  /** For git calls; that of this process unless given. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Hears how far the making of a snapshot is; what it returns is waited for. */
  readonly onStep?: OnSnapshotStep;
}

/** Keeps snapshots below a state root, by content. */
export function createSnapshotStore(options: SnapshotStoreOptions): SnapshotStore {
  const clock = options.clock ?? systemClock;
  return {
    identify: (workspaceRoot, signal) =>
      withTree(options, workspaceRoot, signal, (found) => Promise.resolve(ok(found.identity))),
    take: (workspaceRoot, signal) =>
      withTree(options, workspaceRoot, signal, (found) => takeSnapshot(options, clock, found)),
  };
}

interface FoundTree {
  readonly session: GitSession;
  readonly tree: WorkspaceTree;
  readonly identity: SnapshotIdentity;
}

async function withTree<T>(
  options: SnapshotStoreOptions,
  workspaceRoot: string,
  signal: AbortSignal | undefined,
  use: (found: FoundTree) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const root = await canonicalDirectory(workspaceRoot);
  if (!root.ok) return root;
  const excluded = await excludedPaths(root.value, options.stateRoot);
  if (!excluded.ok) return excluded;
  const environment = options.environment ?? process.env;
  try {
    return await GitSession.use({ environment, signal }, async (session) => {
      const everything = await isSnapshotTree(root.value);
      const request = { root: root.value, everything, excluded: excluded.value };
      const tree = await writeWorkspaceTree(session, request);
      if (!tree.ok) return tree;
      return use({ session, tree: tree.value, identity: identityOf(root.value, tree.value) });
    });
  } catch (error) {
    return systemFailure(`The workspace ${root.value} cannot be looked at`, error);
  }
}

function identityOf(sourceRoot: string, tree: WorkspaceTree): SnapshotIdentity {
  return {
    hash: snapshotHash(tree.treeId),
    hashVersion: snapshotHashVersion,
    sourceRoot,
    gitHead: tree.head,
    gitDirty: tree.dirty,
  };
}

async function takeSnapshot(
  options: SnapshotStoreOptions,
  clock: Clock,
  { session, tree, identity }: FoundTree,
): Promise<Outcome<Snapshot>> {
  const { keepIn: stateRoot = options.stateRoot, onStep: given } = options;
  const { treeDir } = snapshotLayout(stateRoot, identity.hash);
  const marker = {
    sourceRoot: identity.sourceRoot,
    snapshotDir: treeDir,
    gitHead: identity.gitHead,
    gitDirty: identity.gitDirty,
    createdAt: formatTimestamp(clock.now()),
    contentHash: identity.hash,
    hashVersion: identity.hashVersion,
  };
  const onStep = snapshotStepTeller(given);
  const done = await materialiseTree(session, { tree, stateRoot, marker, onStep });
  return done.ok ? ok({ ...identity, dir: treeDir, reused: done.value.reused }) : done;
}

async function excludedPaths(root: string, stateRoot: string): Promise<Outcome<readonly string[]>> {
  const inside = await pathInside(root, stateRoot);
  if (inside === null) return ok([snapshotMarkerName]);
  if (inside !== '') return ok([snapshotMarkerName, inside]);
  return fail('snapshot', `The state root ${stateRoot} is the workspace itself`, {
    hint: 'Choose another directory with --state-root, for example .pikaci in the workspace.',
  });
}
