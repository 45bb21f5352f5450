import { createTestWorkspace, type TestWorkspace } from '@pikaci/testkit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** A git workspace, and an empty state root outside it. */
export interface SnapshotRig {
  readonly workspace: TestWorkspace;
  readonly stateRoot: string;
}

/** Gives each test of a file a rig of its own. */
export function useSnapshotRig(): SnapshotRig {
  let workspace: TestWorkspace;
  let stateRoot: string;
  beforeEach(() => {
    workspace = createTestWorkspace({ git: true });
    stateRoot = mkdtempSync(join(tmpdir(), 'pikaci-state-'));
  });
  afterEach(() => {
    workspace.remove();
    rmSync(stateRoot, { recursive: true, force: true });
  });
  return {
    get workspace() {
      return workspace;
    },
    get stateRoot() {
      return stateRoot;
    },
  };
}
