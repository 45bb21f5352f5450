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
import { snapshotLayout, treeMemoFile } from '@pikaci/paths';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { canonicalDirectory, pathInside } from './canonical-path.js';
import { stateRootDisk, temporaryDisk, thrownFullDisk, type WrittenDisk } from './full-disk.js';
import { GitSession } from './git-session.js';
import { isWhole, materialiseTree } from './materialise-tree.js';
import { snapshotHash, snapshotHashVersion } from './snapshot-hash.js';
import { createSnapshotRules, noRules, type SnapshotGlobs } from './snapshot-rules.js';
import { snapshotStepTeller, type OnSnapshotStep } from './snapshot-steps.js';
import { isSnapshotTree } from './snapshot-marker.js';
import { createSpareKeeper } from './spare/spare-keeper.js';
import { createWorkspaceMemo, type WorkspaceMemo } from './workspace-memo.js';
import { writeWorkspaceTree, type WorkspaceTree } from './workspace-tree.js';

/** What a snapshot store needs. */
export interface SnapshotStoreOptions {
  /** Absolute path. When it lies inside a workspace, it is no part of that workspace's content. */
  readonly stateRoot: string;
  /** Absolute path of another state root, in which snapshots are kept instead: for one that is only to be looked at. */
  readonly keepIn?: string;
  /** Files that are in snapshots although git ignores them, and files that are not whatever git says. */
  readonly globs?: SnapshotGlobs;
  readonly clock?: Clock;
  /** For git calls; that of this process unless given. */
  readonly environment?: NodeJS.ProcessEnv;
  /**
   * Makes a spare tree of each snapshot that is taken, beside what the process does then, so that the next snapshot of the
   * workspace costs what has changed since. Not into `keepIn`.
   */
  readonly makesSpares?: boolean;
  /** Hears how far the making of a snapshot is; what it returns is waited for. */
  readonly onStep?: OnSnapshotStep;
}

/** Keeps snapshots below a state root, by content. */
export function createSnapshotStore(options: SnapshotStoreOptions): SnapshotStore {
  const clock = options.clock ?? systemClock;
  const spares = createSpareKeeper();
  const take = (workspaceRoot: string, signal: AbortSignal | undefined, recalls: boolean) =>
    withTree(options, { workspaceRoot, signal, recalls }, (found) =>
      takeSnapshot(options, clock, found),
    );
  return {
    identify: (workspaceRoot, signal) =>
      withTree(options, { workspaceRoot, signal, recalls: true }, ({ identity }) =>
        Promise.resolve(ok(identity)),
      ),
    take: async (workspaceRoot, signal) => {
      const taken = await takeRemembered(take, workspaceRoot, signal);
      if (taken.ok && options.makesSpares === true && options.keepIn === undefined) {
        spares.begin(options.stateRoot, taken.value.hash);
      }
      return taken;
    },
    close: () => spares.finish(),
  };
}

type Take = (
  workspaceRoot: string,
  signal: AbortSignal | undefined,
  recalls: boolean,
) => Promise<Outcome<Snapshot | null>>;

/** Takes a snapshot by what is remembered of the workspace, and without when that is not enough. */
async function takeRemembered(
  take: Take,
  workspaceRoot: string,
  signal: AbortSignal | undefined,
): Promise<Outcome<Snapshot>> {
  const taken = await take(workspaceRoot, signal, true);
  if (!taken.ok) return taken;
  if (taken.value !== null) return ok(taken.value);
  const made = await take(workspaceRoot, signal, false);
  if (!made.ok) return made;
  if (made.value === null) throw new Error('a tree that was made can be written');
  return ok(made.value);
}

interface TreeToFind {
  readonly workspaceRoot: string;
  readonly signal: AbortSignal | undefined;
  /** Whether it may be one that is remembered, and thus cannot be written. */
  readonly recalls: boolean;
}

interface FoundTree {
  readonly session: GitSession;
  readonly tree: WorkspaceTree;
  readonly identity: SnapshotIdentity;
  readonly memo: WorkspaceMemo;
}

async function withTree<T>(
  options: SnapshotStoreOptions,
  { workspaceRoot, signal, recalls }: TreeToFind,
  use: (found: FoundTree) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const canonical = await canonicalDirectory(workspaceRoot);
  if (!canonical.ok) return canonical;
  const root = canonical.value;
  const excluded = await excludedPaths(root, options.stateRoot);
  if (!excluded.ok) return excluded;
  const environment = options.environment ?? process.env;
  const memo = createWorkspaceMemo(treeMemoFile(options.stateRoot, digest(root)), recalls);
  try {
    return await GitSession.use({ environment, signal }, async (session) => {
      const everything = await isSnapshotTree(root);
      // A snapshot is what the rules made of a workspace already.
      const rules = everything ? noRules : createSnapshotRules(options.globs ?? {});
      const request = { root, everything, excluded: excluded.value, rules, memo };
      const tree = await writeWorkspaceTree(session, request);
      if (!tree.ok) return tree;
      return use({ session, tree: tree.value, identity: identityOf(root, tree.value), memo });
    });
  } catch (error) {
    const full = thrownFullDisk(diskOf(error, options.stateRoot), error);
    return full ?? systemFailure(`The workspace ${root} cannot be looked at`, error);
  }
}

/** The disk on which something failed: that of temporary files, but for what is remembered in the state root. */
function diskOf(error: unknown, stateRoot: string): WrittenDisk {
  const { path } = error as NodeJS.ErrnoException;
  return path?.startsWith(`${stateRoot}/`) ? stateRootDisk(stateRoot) : temporaryDisk(tmpdir());
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

function identityOf(sourceRoot: string, tree: WorkspaceTree): SnapshotIdentity {
  return {
    hash: snapshotHash(tree.treeId),
    hashVersion: snapshotHashVersion,
    sourceRoot,
    gitHead: tree.head,
    gitDirty: tree.dirty,
  };
}

/** Null when the tree is only remembered, and its snapshot gone: then the tree has to be made first. */
async function takeSnapshot(
  options: SnapshotStoreOptions,
  clock: Clock,
  { session, tree, identity, memo }: FoundTree,
): Promise<Outcome<Snapshot | null>> {
  const { keepIn, onStep: given } = options;
  const stateRoot = keepIn ?? options.stateRoot;
  const { treeDir } = snapshotLayout(stateRoot, identity.hash);
  if (!tree.isWritten && !(await isWhole(stateRoot, identity.hash))) return ok(null);
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
  if (!done.ok) return done;
  if (keepIn === undefined) await memo.keep();
  return ok({ ...identity, dir: treeDir, reused: done.value.reused });
}

/** The marker, and where the state root lies; when a link in the workspace leads to it, the link as well. */
async function excludedPaths(root: string, stateRoot: string): Promise<Outcome<readonly string[]>> {
  const parent = await pathInside(root, dirname(stateRoot));
  const link = parent === null ? null : join(parent, basename(stateRoot));
  const inside = await pathInside(root, stateRoot);
  if (inside !== '') {
    const places = [link, inside].filter((path) => path !== null);
    return ok([...new Set([snapshotMarkerName, ...places])]);
  }
  return fail('snapshot', `The state root ${stateRoot} is the workspace itself`, {
    hint: 'Choose another directory with --state-root, for example .pikaci in the workspace.',
  });
}
