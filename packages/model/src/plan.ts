import type { JobCondition, NetworkMode } from './config/job-config.js';
import type { Environment, PayloadConfig } from './config/payload-config.js';
import type { ResourceLimits, RuntimeId } from './config/runtime-config.js';
import type { HostContext } from './host-context.js';

/** Where a job's files are and its commands start. Independent of the runtime; never inferred. */
export type Placement = 'local';

/** A path at which a prepared payload becomes visible to one job, read-only. */
export interface PayloadExposure {
  readonly path: string;
  readonly access: 'read_only';
}

/** Jobs that wait for a payload, as its prepare node knows them. */
export interface PayloadConsumers {
  /** One for each job that mounts the payload, in the order of registration, without duplicates. */
  readonly exposures: readonly PayloadExposure[];
  /** Host logs of those jobs: each gets all output of the build. */
  readonly logPaths: readonly string[];
}

interface NodeBase {
  readonly id: string;
  readonly description: string;
  readonly dependsOn: readonly string[];
}

/** Builds one payload, or finds it in the store. Shared by all jobs that need it. */
export interface PreparePayloadNode extends NodeBase {
  readonly kind: 'prepare-payload';
  readonly payloadId: string;
  readonly devicePrefix: string;
  readonly payload: PayloadConfig;
  readonly consumers: PayloadConsumers;
}

/** Makes sure that a job's runtime can take it: socket, image. */
export interface PrepareRuntimeNode extends NodeBase {
  readonly kind: 'prepare-runtime';
  readonly jobId: string;
  readonly runtime: RuntimeId;
}

/** Runs one job. */
export interface ExecuteNode extends NodeBase {
  readonly kind: 'execute';
  readonly job: PlannedJob;
}

export type PlanNode = PreparePayloadNode | PrepareRuntimeNode | ExecuteNode;

/** A secret that a job gets, and how. Its value is not part of the plan. */
export interface PlannedSecret {
  /** Name of the secret in the configuration. */
  readonly secret: string;
  /** Whether the variable holds the value, or the path of a file that does. */
  readonly as: 'env' | 'file';
  /** Name of the variable. */
  readonly name: string;
}

/** A service of a job, with every default filled in. */
export interface PlannedService {
  readonly name: string;
  /** For `sh -c`, at the root of the service's working tree. */
  readonly command: string;
  /** Alias of the image of its instance; null: that of the job. */
  readonly image: string | null;
  readonly env: Environment;
  /** Null: it has none. */
  readonly port: number | 'auto' | null;
  /** A command that ends with 0 once the service can be used; null: something listens at the port. */
  readonly readyCommand: string | null;
  readonly readyTimeoutSeconds: number;
}

/** A job with every default filled in and every path known. */
export interface PlannedJob {
  readonly id: string;
  readonly description: string;
  readonly command: string;
  readonly runtime: RuntimeId;
  readonly placement: Placement;
  readonly env: Environment;
  /** In the order of the configuration. */
  readonly services: readonly PlannedService[];
  readonly timeoutSeconds: number;
  /** Between the request to end and the end by force. */
  readonly cancelGraceSeconds: number;
  /** How often it is tried again, by what kept it from passing. */
  readonly retry: { readonly infrastructure: number; readonly job: number };
  /** How what it needs has to end for it to run. */
  readonly when: JobCondition;
  /** Whether the run goes on and passes when it fails by itself. */
  readonly allowFailure: boolean;
  /** The group whose jobs run one after another on this machine; null: none. */
  readonly concurrency: string | null;
  readonly secrets: readonly PlannedSecret[];
  /** Most bytes of its output that are kept. */
  readonly logLimitBytes: number;
  readonly network: NetworkMode;
  /** Over those of the runtime, each for itself. */
  readonly limits: ResourceLimits;
  readonly artifacts: readonly string[];
  /** How the job has to end for its artifacts to be kept. */
  readonly artifactsWhen: 'always' | 'success' | 'failure';
  /** Most bytes of artifacts that are kept; null: no limit. */
  readonly artifactsLimitBytes: number | null;
  /** Globs of the test reports that it writes. */
  readonly reports: { readonly junit: readonly string[] };
  /** Numeric uid[:gid] in the guest; null is root. */
  readonly user: string | null;
  readonly hostContext: HostContext;
}

/** Why a run exists: the target, or the jobs that were named. */
export interface Selection {
  readonly targetId: string | null;
  readonly targetDescription: string | null;
  /** In the order in which they are planned; what they need is included, or reused. */
  readonly jobIds: readonly string[];
  /** Jobs that passed in earlier runs and are not run again: what is selected may need them. */
  readonly reused: readonly ReusedResult[];
}

/** The result of a job that an earlier run has, and that another one goes by. */
export interface ReusedResult {
  readonly jobId: string;
  readonly runId: string;
}

/** The graph of one run: prepare nodes in order of creation, then execute nodes in order of jobs. */
export interface RunPlan {
  readonly runId: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly selection: Selection;
  readonly snapshotHash: string;
  readonly nodes: readonly PlanNode[];
}
