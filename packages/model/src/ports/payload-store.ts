import type { PayloadConfig } from '../config/payload-config.js';
import type { Outcome } from '../failure.js';
import type { PayloadManifest } from '../payload-manifest.js';
import type { Snapshot } from '../snapshot.js';

/** A payload that is whole, checked and in the store. */
export interface PreparedPayload {
  readonly payloadId: string;
  readonly devicePrefix: string;
  /** 64 hex digits over everything the build depends on. */
  readonly contentKey: string;
  /** Absolute, canonical path of the payload's root in the store. */
  readonly storePath: string;
  readonly manifest: PayloadManifest;
  /** True when it was in the store already. */
  readonly reused: boolean;
  readonly sizeBytes: number;
  /** How long it took to build, now or when it was; in milliseconds. Null or absent when that is not known. */
  readonly buildMs?: number | null;
}

/** A process that uses a payload of the store. */
export interface PayloadUser {
  readonly pid: number;
  /** False: on another machine, of which nobody can tell from here whether it still runs. */
  readonly onThisHost: boolean;
}

export interface PreparePayloadRequest {
  readonly payloadId: string;
  readonly devicePrefix: string;
  readonly payload: PayloadConfig;
  readonly snapshot: Pick<Snapshot, 'dir' | 'hash' | 'sourceRoot'>;
  /** The payloads this one depends on, in declared order. */
  readonly dependencies: readonly PreparedPayload[];
  /** Receives pikaci's own lines and the build's output. */
  readonly onLog: (chunk: Uint8Array) => void;
  /** Aborted to end a build with grace. */
  readonly signal: AbortSignal;
  /** Aborted, never before `signal`, to end it at once, without grace. */
  readonly force: AbortSignal;
}

/** Builds payloads once and keeps them by content. */
export interface PayloadStore {
  prepare(request: PreparePayloadRequest): Promise<Outcome<PreparedPayload>>;
  /** Makes a prepared payload visible at a path in a job's directory: a link into the store. */
  expose(payload: PreparedPayload, localMountPath: string): Promise<Outcome<void>>;
  /** Says that nothing prepared here is in use any more. Until then, no garbage collection removes it. */
  close(): Promise<void>;
}
