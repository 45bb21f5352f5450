import type { IncusClient } from '@pikaci/incus-client';
import type { Clock, IncusRuntimeConfig, JobExecution } from '@pikaci/model';
import type { IncusPlace } from './incus-failure.js';
import type { OwnedInstance } from './instance-teardown.js';
import type { PhaseRecorder } from './phase-recorder.js';

/** What jobs of one run share. */
export interface RunJobContext {
  readonly client: IncusClient;
  readonly config: IncusRuntimeConfig;
  readonly place: IncusPlace;
  readonly image: { readonly alias: string; readonly fingerprint: string };
  readonly stateRoot: string;
  readonly clock: Clock;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Removes an instance in the background; resolves when it is gone, or with why it is still there. Never rejects. */
  readonly discard: (instance: OwnedInstance) => Promise<string | null>;
}

/** A job under way, in its instance. */
export interface RunningJob extends RunJobContext {
  readonly execution: JobExecution;
  readonly recorder: PhaseRecorder;
  readonly instance: string;
}
