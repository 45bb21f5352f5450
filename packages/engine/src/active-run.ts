import type {
  Failure,
  GroupPlace,
  JobRecord,
  Outcome,
  PlanNode,
  PlanNodeRecord,
  PreparedPayload,
  RunPlan,
  RunWriter,
  Runtime,
  Snapshot,
} from '@pikaci/model';
import type { RunControl } from './control/run-control.js';
import type { EventLog } from './event-log.js';
import type { EnginePorts, RunReporter, RunRequest } from './ports.js';
import type { RunState } from './run-state.js';
import type { KnownSecrets } from './secrets/known-secrets.js';

/** A run that has a record on disk. */
export interface ActiveRun {
  readonly request: RunRequest;
  readonly ports: EnginePorts;
  readonly writer: RunWriter;
  readonly state: RunState;
  readonly events: EventLog;
  /** What stops it, or single jobs. */
  readonly control: RunControl;
  readonly secrets: KnownSecrets;
  /** The reporter of the ports, without its exceptions. */
  readonly reporter: RunReporter;
  /** How the jobs ended that an earlier process began, and that are begun again, by job id. */
  readonly endedBefore: ReadonlyMap<string, JobRecord>;
  /** Runtimes that were asked for anything: they are closed at the end. */
  readonly usedRuntimes: Set<Runtime>;
}

/** Why a prepare node did not succeed. */
export interface PrepareFailure {
  /** The node where it began; another one where this node only waited for it. */
  readonly nodeId: string;
  readonly failure: Failure;
}

/** A run that has a snapshot and a plan. */
export interface PlannedRun extends ActiveRun {
  readonly snapshot: Snapshot;
  readonly plan: RunPlan;
  readonly nodes: ReadonlyMap<string, PlanNode>;
  /** The nodes as they are recorded. */
  readonly nodeRecords: ReadonlyMap<string, PlanNodeRecord>;
  /** By payload id; grows as payloads get ready. */
  readonly prepared: Map<string, PreparedPayload>;
  /** By node id. */
  readonly prepareFailures: Map<string, PrepareFailure>;
  /** What became of the jobs' wish for a place in their group, by job id. */
  readonly places: Map<string, Outcome<GroupPlace>>;
}
