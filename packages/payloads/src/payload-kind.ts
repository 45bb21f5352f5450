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

/** A payload of which everything is known that it depends on. */
export interface IdentifiedPayload {
  readonly keyInputs: readonly KeyInput[];
  build(place: BuildPlace): Promise<Outcome<BuiltOutput>>;
}

/** A way to make payloads. Adding one is one file, and one line in `payload-kinds.ts`. */
export interface PayloadKind<Config extends PayloadConfig> {
  /** Kind of the manifests that are derived from configuration. */
  readonly manifestKind: string;
  /** Looks at everything that the payload depends on, beside what all kinds have in common. */
  identify(request: IdentifyRequest<Config>): Promise<Outcome<IdentifiedPayload>>;
}
