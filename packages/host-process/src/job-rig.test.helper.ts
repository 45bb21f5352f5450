import {
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { plainExecution, plainJobSettings } from '@pikaci/testkit';
import { dirname, join } from 'node:path';
import {
  systemClock,
  type JobExecution,
  type JobOutcome,
  type Masker,
  type OutputStream,
  type PayloadManifest,
  type PayloadMount,
  type PhaseName,
  type PlannedJob,
  type PreparedPayload,
  type WorkspaceMode,
} from '@pikaci/model';
import type { NamespaceSupport } from './namespace/detect-namespaces.js';
import type { NamespaceLauncher } from './namespace/launcher.js';
import { createProcessRuntime } from './process-runtime.js';
import { runJob } from './run-job.js';

/** Which working trees a rig's jobs get. */
export interface RigOptions {
  readonly namespaces?: 'auto' | 'never';
  /** Instead of the one that suits this machine. */
  readonly launcher?: NamespaceLauncher;
  /** Gives the run's directories to this user before each job. */
  readonly owner?: number;
}

/** A mount, as short as a test wants to write it. */
export type RigMount = Partial<PayloadMount> & Pick<PayloadMount, 'name'>;

/** Changes to the job that a test runs. */
export interface RigJob extends Partial<Omit<PlannedJob, 'hostContext' | 'secrets'>> {
  readonly workspace?: WorkspaceMode;
  readonly signal?: AbortSignal;
  readonly force?: AbortSignal;
  readonly attempt?: number;
  readonly secrets?: JobExecution['secrets'];
  readonly masker?: Masker;
  readonly payloads?: readonly PreparedPayload[];
  /** Ids of the payloads that the job may write over. */
  readonly overlays?: readonly string[];
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
  /** The phases the job entered. */
  readonly phases: PhaseName[];
  /** What the last job printed. */
  readonly output: Record<OutputStream, Buffer>;
  /** Writes a file of the snapshot. */
  snapshotFile(path: string, content: string): void;
  /** Writes files of a payload and declares its mounts. */
  payload(
    id: string,
    files: Record<string, string>,
    mounts: readonly RigMount[],
    entrypoints?: PayloadManifest['entrypoints'],
  ): PreparedPayload;
  run(command: string, job?: RigJob): Promise<JobOutcome>;
  /** What `run` hands to the runtime. */
  execution(command: string, job?: RigJob): JobExecution;
  read(path: string): string;
  remove(): void;
}

/** The run of all rigs; its state root is the rig's own. */
export const rigRunId = '20260307T000001Z-aaaa0001';

/** Makes a rig whose runtime has these options. */
export function createJobRig(options: RigOptions = {}): JobRig {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'pikaci-job-')));
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const run = jobRunner(options);
  const jobDir = join(root, 'runs', rigRunId, 'jobs/job');
  const artifactsDir = join(jobDir, 'artifacts');
  const log: string[] = [];
  const phases: PhaseName[] = [];
  const output = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const parts = { root, jobDir, artifactsDir, log, output, phases };
  write('snapshot/README', 'snapshot\n');
  return {
    root,
    jobDir,
    artifactsDir,
    snapshotDir: join(root, 'snapshot'),
    log,
    phases,
    output,
    snapshotFile: (path, content) => write(`snapshot/${path}`, content),
    payload: (id, files, mounts, entrypoints = []) => {
      for (const [path, content] of Object.entries(files)) {
        write(`store/${id}/${path}`, content);
      }
      return preparedPayload(id, join(root, 'store', id), mounts, entrypoints);
    },
    run: (command, job = {}) => {
      output.stdout = Buffer.alloc(0);
      output.stderr = Buffer.alloc(0);
      if (options.owner !== undefined) {
        mkdirSync(artifactsDir, { recursive: true });
        for (const { name } of job.services ?? []) {
          mkdirSync(join(jobDir, 'services', name), { recursive: true });
        }
        chownTree(root, options.owner);
      }
      return run(executionOf(parts, command, job));
    },
    execution: (command, job = {}) => executionOf(parts, command, job),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function jobRunner(options: RigOptions): (execution: JobExecution) => Promise<JobOutcome> {
  const { namespaces = 'auto', launcher } = options;
  if (launcher === undefined) {
    const runtime = createProcessRuntime({ namespaces });
    return (execution) => runtime.run(execution);
  }
  const support: NamespaceSupport = { available: true, launcher };
  const settings = {
    clock: systemClock,
    environment: process.env,
    support: () => Promise.resolve(support),
  };
  return (execution) => runJob(settings, execution);
}

function chownTree(path: string, owner: number): void {
  chownSync(path, owner, owner);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) chownTree(child, owner);
    else lchownSync(child, owner, owner);
  }
}

function preparedPayload(
  id: string,
  storePath: string,
  mounts: readonly RigMount[],
  entrypoints: PayloadManifest['entrypoints'],
): PreparedPayload {
  const manifest = {
    schemaVersion: 1,
    kind: 'test',
    entrypoints,
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
  rig: Pick<JobRig, 'root' | 'jobDir' | 'artifactsDir' | 'log' | 'output' | 'phases'>,
  command: string,
  job: RigJob,
): JobExecution {
  const { payloads = [], overlays = [], onOutput, workspace = 'overlay', ...rest } = job;
  const plain = plainExecution();
  const { signal = plain.signal, force = plain.force, ...others } = rest;
  const { secrets = [], masker = plain.masker, attempt = 1, ...changes } = others;
  return {
    runId: rigRunId,
    payloads,
    attempt,
    signal,
    force,
    secrets,
    masker,
    job: { ...plannedJob(rig, command, { workspace, overlays }), ...changes },
    observer: {
      onOutput: (stream, chunk) => {
        rig.output[stream] = Buffer.concat([rig.output[stream], chunk]);
        onOutput?.(rig.output.stdout.toString());
      },
      onPhase: (phase) => {
        rig.phases.push(phase);
      },
      onLog: (line) => void rig.log.push(line),
    },
  };
}

function plannedJob(
  rig: Pick<JobRig, 'root' | 'jobDir' | 'artifactsDir'>,
  command: string,
  modes: { readonly workspace: WorkspaceMode; readonly overlays: readonly string[] },
): PlannedJob {
  return {
    id: 'job',
    description: 'a job of a test',
    command,
    runtime: 'process',
    placement: 'local',
    env: {},
    ...plainJobSettings,
    cancelGraceSeconds: 0.3,
    timeoutSeconds: 60,
    artifacts: [],
    user: null,
    hostContext: {
      sourceRoot: rig.root,
      workspaceSnapshotDir: join(rig.root, 'snapshot'),
      workspaceSnapshotHash: 'hash',
      workspaceMode: modes.workspace,
      workspaceReadOnly: modes.workspace === 'read-only',
      jobDir: rig.jobDir,
      artifactsDir: rig.artifactsDir,
      hostLogPath: join(rig.jobDir, 'host.log'),
      guestLogPath: join(rig.artifactsDir, 'guest.log'),
      stagedPayloadMounts: modes.overlays.map((devicePrefix) => ({
        localMountPath: join(rig.jobDir, 'staged', devicePrefix),
        devicePrefix,
        mode: 'overlay' as const,
      })),
      sharedCaches: [],
    },
  };
}
