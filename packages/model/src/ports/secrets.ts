import type { Outcome } from '../failure.js';
import type { PlannedSecret } from '../plan.js';
import type { Masker } from './masker.js';

/** A secret as one job gets it. It goes to the job alone: into no record, log, argument list or instance configuration. */
export interface JobSecretValue extends PlannedSecret {
  readonly value: string;
}

/** A file in which a secret was found, in any form in which it is masked. */
export interface FoundSecret {
  /** As it was given. */
  readonly path: string;
  /** Name of the secret. */
  readonly secret: string;
}

/** The secrets of a run, read once. */
export interface RunSecrets {
  /** Knows every secret of the run, also those of other jobs. */
  readonly masker: Masker;
  /** For people: secrets that cannot be masked well, for example because they are very short. */
  readonly warnings: readonly string[];
  /** The values of a job's secrets, in their order. */
  of(secrets: readonly PlannedSecret[]): readonly JobSecretValue[];
  /**
   * Looks for all secrets of the run in regular files, such as the artifacts of a job; each secret once a file. Other
   * kinds of files, links among them, and files that are gone are passed over. Absent where nothing looks into files.
   * @param paths absolute paths
   * @throws what the system throws when a file cannot be read
   */
  findIn?(paths: readonly string[]): Promise<readonly FoundSecret[]>;
}

/** Finds the values of secrets. */
export interface SecretSources {
  /**
   * Reads the secrets of these names, each once.
   * @returns a failure that names the secret and its source when one cannot be had
   */
  read(names: readonly string[], signal: AbortSignal): Promise<Outcome<RunSecrets>>;
}
