import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  localHost,
  type JobExecution,
  type JobOutcome,
  type OutputStream,
  type PayloadMount,
  type PlannedJob,
  type PreparedPayload,
  type WorkspaceMode,
} from '@pikaci/model';
import { createTestWorkspace } from '@pikaci/testkit';
import { createProcessRuntime, type ProcessRuntimeOptions } from './process-runtime.js';

/** A mount, as short as a test wants to write it. */
export type RigMount = Partial<PayloadMount> & Pick<PayloadMount, 'name'>;

/** Changes to the job that a test runs. */
export interface RigJob extends Partial<Omit<PlannedJob, 'hostContext'>> {
  readonly workspace?: WorkspaceMode;
  readonly signal?: AbortSignal;
  readonly payloads?: readonly PreparedPayload[];
  /** Hears everything printed so far, whenever there is more. */
  readonly onOutput?: (printed: string) => void;
}

/** A run with one job, in a temporary directory. */
export interface JobRig {
  readonly root: string;
  readonly jobDir: string;
  readonly artifactsDir: string;
  readonly snapshotDir: string;
  /** Host log lines of all jobs. */
  readonly log: string[];
  /** What the last job printed. */
  readonly output: Record<OutputStream, Buffer>;
  /** Writes a file of the snapshot. */
  snapshotFile(path: string, content: string): void;
  /** Writes files of a payload and declares its mounts. */
  payload(id: string, files: Record<string, string>, mounts: readonly RigMount[]): PreparedPayload;
  run(command: string, job?: RigJob): Promise<JobOutcome>;
  read(path: string): string;
  remove(): void;
}

/** Makes a rig whose runtime has these options. */
export function createJobRig(options: ProcessRuntimeOptions = {}): JobRig {
  const workspace = createTestWorkspace();
  const { root } = workspace;
  const runtime = createProcessRuntime({ graceSeconds: 0.3, ...options });
  const jobDir = join(root, 'runs/run/jobs/job');
  const artifactsDir = join(jobDir, 'artifacts');
  const log: string[] = [];
  const output = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  workspace.write('snapshot/README', 'snapshot\n');
  return {
    root,
    jobDir,
    artifactsDir,
    snapshotDir: join(root, 'snapshot'),
    log,
    output,
    snapshotFile: (path, content) => workspace.write(`snapshot/${path}`, content),
    payload: (id, files, mounts) => {
      for (const [path, content] of Object.entries(files)) {
        workspace.write(`store/${id}/${path}`, content);
      }
      return preparedPayload(id, join(root, 'store', id), mounts);
    },
    run: (command, job = {}) => {
      output.stdout = Buffer.alloc(0);
      output.stderr = Buffer.alloc(0);
      return runtime.run(executionOf({ root, jobDir, artifactsDir, log, output }, command, job));
    },
    read: (path) => readFileSync(join(root, path), 'utf8'),
    remove: () => workspace.remove(),
  };
}

function preparedPayload(
  id: string,
  storePath: string,
  mounts: readonly RigMount[],
): PreparedPayload {
  const manifest = {
    schemaVersion: 1,
    kind: 'test',
    entrypoints: [],
    assetRoots: [],
    mounts: mounts.map((mount) => ({
      relativePath: '.',
      guestPath: null,
      workspacePath: null,
      readOnly: true,
      addToPath: [],
      ...mount,
    })),
  };
  const contentKey = `key-of-${id}`;
  return {
    payloadId: id,
    devicePrefix: id,
    contentKey,
    storePath,
    manifest,
    reused: false,
    sizeBytes: 0,
  };
}

function executionOf(
  rig: Pick<JobRig, 'root' | 'jobDir' | 'artifactsDir' | 'log' | 'output'>,
  command: string,
  job: RigJob,
): JobExecution {
  const { payloads = [], signal, onOutput, workspace = 'overlay', ...changes } = job;
  return {
    runId: '20260307T000001Z-aaaa0001',
    payloads,
    signal: signal ?? new AbortController().signal,
    job: { ...plannedJob(rig, command, workspace), ...changes },
    observer: {
      onOutput: (stream, chunk) => {
        rig.output[stream] = Buffer.concat([rig.output[stream], chunk]);
        onOutput?.(rig.output.stdout.toString());
      },
      onPhase: () => undefined,
      onLog: (line) => void rig.log.push(line),
    },
  };
}

function plannedJob(
  rig: Pick<JobRig, 'root' | 'jobDir' | 'artifactsDir'>,
  command: string,
  workspaceMode: WorkspaceMode,
): PlannedJob {
  return {
    id: 'job',
    description: 'a job of a test',
    command,
    runtime: 'process',
    placement: localHost.kind,
    env: {},
    timeoutSeconds: 60,
    artifacts: [],
    user: null,
    hostContext: {
      sourceRoot: rig.root,
      workspaceSnapshotDir: join(rig.root, 'snapshot'),
      workspaceSnapshotHash: 'hash',
      workspaceMode,
      workspaceReadOnly: workspaceMode === 'read-only',
      jobDir: rig.jobDir,
      artifactsDir: rig.artifactsDir,
      hostLogPath: join(rig.jobDir, 'host.log'),
      guestLogPath: join(rig.artifactsDir, 'guest.log'),
      stagedPayloadMounts: [],
      sharedCaches: [],
    },
  };
}
