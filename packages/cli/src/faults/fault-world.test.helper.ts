import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkspace } from '@pikaci/testkit';
import { plantDecoys, type DecoyGround, type Decoys } from './decoys.test.helper.js';
import { configOf, type FaultPlan } from './fault-plan.test.helper.js';
import { copyWorkspace } from './fault-workspace.test.helper.js';
import { faultLine } from './fault-report.test.helper.js';

/** The server of a world. */
export interface FaultServer extends DecoyGround {
  /** Whether jobs in guests can write to files of this machine, and thus tell how far they came. */
  readonly sharesFiles: boolean;
}

/** Everything that one run of the suite takes place in. */
export interface FaultWorld {
  readonly plan: FaultPlan;
  readonly server: FaultServer;
  readonly workspaceRoot: string;
  readonly stateRoot: string;
  /** Where jobs tell how far they came, one file each. */
  readonly marksDir: string;
  /** What pikaci is started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Gets a line for each fault point that is reached. */
  readonly reachedFile: string;
  readonly decoys: Decoys;
  remove(): Promise<void>;
}

/** Makes a world from a plan: a workspace with its configuration, and foreign instances on the server. */
export async function createFaultWorld(
  plan: FaultPlan,
  server: FaultServer,
  workspace: TestWorkspace,
): Promise<FaultWorld> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pikaci-fault-')));
  const workspaceRoot = join(root, 'workspace');
  const stateRoot = join(root, 'state');
  const marksDir = join(root, 'marks');
  const reachedFile = join(root, 'reached');
  mkdirSync(marksDir);
  const guestMarks = server.sharesFiles ? marksDir : null;
  copyWorkspace(workspace, workspaceRoot, configOf(plan, { host: marksDir, guest: guestMarks }));
  const prefix = root
    .slice(-6)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, 'x');
  const decoys = await plantDecoys(server, stateRoot, { prefix, first: plan.seed });
  return {
    plan,
    server,
    workspaceRoot,
    stateRoot,
    marksDir,
    reachedFile,
    decoys,
    env: {
      PATH: process.env['PATH'] ?? '',
      PIKACI_STATE_ROOT: stateRoot,
      PIKACI_INCUS_SOCKET: server.socketPath,
      PIKACI_INCUS_IMAGE: server.image,
      PIKACI_RUNTIME_DIR: join(root, 'runtime'),
      FAULT_TOKEN: plan.secret,
    },
    remove: async () => {
      await decoys.remove();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The fault points that were reached, in order, each time. */
export function reachedPoints({ reachedFile }: Pick<FaultWorld, 'reachedFile'>): readonly string[] {
  return linesOf(reachedFile).filter((line) => line !== faultLine);
}

/** True when the fault of the plan happened. */
export function hasFired({ reachedFile }: Pick<FaultWorld, 'reachedFile'>): boolean {
  return linesOf(reachedFile).includes(faultLine);
}

/** How far a job came, each time that it ran: `begin`, and `end` when it ended by itself. */
export function marksOf(
  { marksDir }: Pick<FaultWorld, 'marksDir'>,
  jobId: string,
): readonly string[] {
  return linesOf(join(marksDir, jobId));
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}
