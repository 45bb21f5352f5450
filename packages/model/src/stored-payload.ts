import type { DamagedPayload } from './outputs/payload-outputs.js';
import type { PayloadUser } from './ports/payload-store.js';
import type { PayloadRecord } from './records/payload-record.js';

/** A payload as the store has it. */
export interface StoredPayload {
  readonly record: PayloadRecord;
  /** Canonical path of its output; null when that lay outside of the store and has vanished. */
  readonly storePath: string | null;
  readonly lastUsedAt: string;
  /** The live processes that use it. */
  readonly users: readonly PayloadUser[];
}

/** All that is in the store. */
export interface PayloadInventory {
  /** The most recently used first. */
  readonly payloads: readonly StoredPayload[];
  readonly damaged: readonly DamagedPayload[];
}
