import type { Failure } from './failure.js';
import type { KeyInput } from './ports/build-runtime.js';
import type { PayloadUser } from './ports/payload-store.js';
import type { PayloadRecord } from './records/payload-record.js';
import type { RemovalReason } from './records/removed-payload-record.js';

/** A payload as the store has it. */
export interface StoredPayload {
  readonly record: PayloadRecord;
  /** Canonical path of its output; null when that lay outside of the store and has vanished. */
  readonly storePath: string | null;
  readonly lastUsedAt: string;
  /** The live processes that use it. */
  readonly users: readonly PayloadUser[];
}

/** A directory of the store that is no whole payload: somebody has changed it, or the disk has lost something. */
export interface DamagedPayload {
  readonly contentKey: string;
  readonly dir: string;
  readonly reason: string;
  readonly users: readonly PayloadUser[];
}

/** All that is in the store. */
export interface PayloadInventory {
  /** The most recently used first. */
  readonly payloads: readonly StoredPayload[];
  readonly damaged: readonly DamagedPayload[];
}

/** One path on which a payload is not what it was when it was built. */
export interface PayloadDifference {
  /** Relative to the payload's root; `.` for the root itself. */
  readonly path: string;
  readonly what: 'changed' | 'mode changed' | 'missing' | 'added';
}

/**
 * What came of a comparison with the digest. `gone`: the output lay outside of the store and has vanished.
 * `unknown`: an earlier version built it, and recorded no digest.
 */
export type PayloadVerdict = 'ok' | 'damaged' | 'gone' | 'unknown';

/** What a payload was found to be. */
export interface PayloadVerification {
  readonly contentKey: string;
  /** Null when it has no record that could be read. */
  readonly payloadId: string | null;
  readonly verdict: PayloadVerdict;
  /** Why it is not `ok`; null when it is. */
  readonly reason: string | null;
  /** The first of the paths that differ. */
  readonly differences: readonly PayloadDifference[];
  /** How many there are. */
  readonly differenceCount: number;
}

/** What the store is to be kept within; null: no limit. */
export interface PayloadCacheLimits {
  readonly maxSizeBytes: number | null;
  readonly minFreeBytes: number | null;
  readonly maxAgeSeconds: number | null;
}

/** What becomes of a payload when garbage is collected. */
export interface GarbageDecision {
  readonly contentKey: string;
  readonly payloadId: string;
  /** What its removal frees: nothing for an output that lies outside of the store. */
  readonly sizeBytes: number;
  readonly lastUsedAt: string;
  readonly users: readonly PayloadUser[];
  /** Null: it stays. */
  readonly removal: RemovalReason | null;
}

/** What dead processes have left beside the payloads, as absolute paths. */
export interface PayloadLeftovers {
  readonly stagingDirectories: readonly string[];
  readonly locks: readonly string[];
  readonly leases: readonly string[];
}

/** What a collection of garbage did, or would do. */
export interface GarbageReport {
  readonly dryRun: boolean;
  readonly limits: PayloadCacheLimits;
  /** In the order in which they go. */
  readonly removed: readonly GarbageDecision[];
  readonly kept: readonly GarbageDecision[];
  readonly damaged: readonly DamagedPayload[];
  readonly leftovers: PayloadLeftovers;
  readonly freedBytes: number;
  /** What all payloads that stay take. */
  readonly keptBytes: number;
  /** Free on the disk of the store before anything was removed. */
  readonly freeBytes: number;
  /** What could not be removed. */
  readonly failures: readonly Failure[];
}

/** An input of a key that is not what it was. Null: there is, or was, no such input. */
export interface KeyInputChange {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A payload that the key of another one is compared with. */
export interface ComparedPayload {
  readonly contentKey: string;
  readonly builtAt: string;
  readonly lastUsedAt: string;
  /** When and why it was removed; null when it is in the store. */
  readonly removed: { readonly at: string; readonly reason: RemovalReason } | null;
}

/**
 * Why a payload is found in the store or not. `removed`: it was there, with all inputs as they are. `changed`: its
 * inputs differ from the last ones. `vanished`: its output lay outside of the store. `new`: nothing is known of it.
 */
export type PayloadExpectation = 'hit' | 'removed' | 'vanished' | 'changed' | 'new';

/** What a run would find, and why. */
export interface PayloadExplanation {
  readonly payloadId: string;
  readonly contentKey: string;
  readonly expectation: PayloadExpectation;
  /** The latest payload of this id; null when none is known. */
  readonly comparedWith: ComparedPayload | null;
  /** In the order of the inputs; null when what went into the other key is not known. */
  readonly changes: readonly KeyInputChange[] | null;
  readonly keyInputs: readonly KeyInput[];
}
