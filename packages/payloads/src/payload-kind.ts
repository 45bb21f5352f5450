import type {
  BuildRuntime,
  KeyInput,
  Outcome,
  PayloadConfig,
  PreparedPayload,
  RuntimeId,
  Snapshot,
} from '@pikaci/model';
import type { PayloadLog } from './payload-log.js';

/** A payload to be identified: everything that its key may depend on is reached from here. */
export interface IdentifyRequest<Config extends PayloadConfig = PayloadConfig> {
  readonly payloadId: string;
  readonly payload: Config;
  readonly snapshot: Pick<Snapshot, 'dir' | 'hash' | 'sourceRoot'>;
  /** Absolute path. */
  readonly stateRoot: string;
  /** Where builds can run. */
  readonly runtimes: ReadonlyMap<RuntimeId, BuildRuntime>;
  readonly signal: AbortSignal;
  /** As the request's. */
  readonly force: AbortSignal;
}

/** Where a payload is built, and from what. */
export interface BuildPlace {
  /** Empty directory for the build's own use. */
  readonly workDir: string;
  /** Empty directory; what it holds at the end is the payload, unless the build says that it lies elsewhere. */
  readonly outputDir: string;
  /** The payloads this one depends on, in declared order. */
  readonly dependencies: readonly PreparedPayload[];
  readonly log: PayloadLog;
}

/** What a build made. */
export interface BuiltOutput {
  /** Absolute path of an output that is used where it is; null: it is in the place's output directory. */
  readonly externalPath: string | null;
}

/** The output of a build that put it where it was told to. */
export const placedOutput: BuiltOutput = { externalPath: null };

/** What of the snapshot a payload depends on. */
export interface SnapshotInputs {
  /** What says which files these are. With the snapshot's hash it settles what `find` finds. */
  readonly globs: readonly string[];
  /** One key input for each file. Looks at all of the snapshot, so it is not called when the answer is remembered. */
  find(): Promise<Outcome<readonly KeyInput[]>>;
}

/** A payload of which everything is known that it depends on. */
export interface IdentifiedPayload {
  /** All that the key covers, but for files of the snapshot. */
  readonly keyInputs: readonly KeyInput[];
  /** Null for payloads that are not made of files of the snapshot. */
  readonly snapshotInputs: SnapshotInputs | null;
  build(place: BuildPlace): Promise<Outcome<BuiltOutput>>;
}

/** A way to make payloads. Adding one is one file, and one line in `payload-kinds.ts`. */
export interface PayloadKind<Config extends PayloadConfig> {
  /** Kind of the manifests that are derived from configuration. */
  readonly manifestKind: string;
  /**
   * Looks at everything that the payload depends on, beside what all kinds have in common. Called for each payload of
   * each run, also when it is in the store.
   */
  identify(request: IdentifyRequest<Config>): Promise<Outcome<IdentifiedPayload>>;
}
