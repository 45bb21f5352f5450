import type { Clock, JobExecution } from '@pikaci/model';
import type { IncusConnection } from './incus-connection.js';
import type { OwnedInstance } from './instance-teardown.js';
import type { PhaseRecorder } from './phase-recorder.js';

/** What jobs of one run share. */
export interface RunJobContext extends Pick<
  IncusConnection,
  'client' | 'config' | 'place' | 'resolveImage' | 'forgetImage'
> {
  readonly image: { readonly alias: string; readonly fingerprint: string | null };
  readonly stateRoot: string;
  /** Where processes of this user meet; the sockets of services are in it. */
  readonly runtimeDir: string;
  readonly clock: Clock;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** How much later than the guest the host gives a command up, in ms. */
  readonly slackMs: number;
  /** Removes an instance in the background; resolves when it is gone, or with why it is still there. Never rejects. */
  readonly discard: (instance: OwnedInstance) => Promise<string | null>;
}

/** A job under way, in its instance. */
export interface RunningJob extends RunJobContext {
  readonly execution: JobExecution;
  readonly recorder: PhaseRecorder;
  readonly instance: string;
  /** Of the instance's first process; null when it is not known. */
  readonly pid: number | null;
  /** What else the command is told, by variables. */
  readonly told?: Readonly<Record<string, string>>;
}
