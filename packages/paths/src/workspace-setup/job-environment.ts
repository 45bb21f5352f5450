import { posix } from 'node:path';

/** A mount as a job's environment describes it. */
export interface EnvironmentMount {
  readonly name: string;
  /** Absolute path, where the job sees it. */
  readonly path: string;
  /** Directories of the mount, relative to it, that belong on the PATH. */
  readonly addToPath: readonly string[];
}

/** What a job's environment is made of. Paths are those that the job sees. */
export interface JobEnvironmentParts {
  readonly runId: string;
  readonly jobId: string;
  /** As the configuration has it. */
  readonly jobEnv: Readonly<Record<string, string>>;
  readonly mounts: readonly EnvironmentMount[];
  readonly workspaceDir: string;
  /** A writable directory; what is in it at the end is kept with the run. */
  readonly artifactsDir: string;
  /** What else pikaci tells the job; the names begin with `PIKACI_`, but for `PORT` of a service. */
  readonly told?: Readonly<Record<string, string>>;
  /** The PATH without the mounts' directories, unless the job has one of its own. */
  readonly basePath: string;
  /** The attempt's place in the run's trace; absent where there is none. */
  readonly traceparent?: string | undefined;
}

/**
 * The variables that pikaci gives a job, in every runtime. `CI` is `true` unless the job says otherwise, who may also have
 * a `TRACEPARENT` of its own; what begins with `PIKACI_` is always ours. The mounts' directories come first on the PATH, in the order of the mounts.
 */
export function jobEnvironment(parts: JobEnvironmentParts): Record<string, string> {
  const path = [...pathDirectories(parts.mounts), parts.jobEnv['PATH'] ?? parts.basePath];
  return {
    CI: 'true',
    ...(parts.traceparent === undefined ? {} : { TRACEPARENT: parts.traceparent }),
    ...parts.jobEnv,
    PATH: path.filter((entry) => entry !== '').join(':'),
    ...parts.told,
    ...mountVariables(parts.mounts),
    ...jobMarks(parts),
    PIKACI_WORKSPACE: parts.workspaceDir,
  };
}

/**
 * The variables by which the processes of one job can be told from all others on its machine. The directory is among
 * them because ids alone may come again: under another state root, or in a run within a job.
 */
export function jobMarks(
  parts: Pick<JobEnvironmentParts, 'runId' | 'jobId' | 'artifactsDir'>,
): Record<string, string> {
  return {
    PIKACI_RUN_ID: parts.runId,
    PIKACI_JOB_ID: parts.jobId,
    PIKACI_ARTIFACTS: parts.artifactsDir,
  };
}

/** `PIKACI_MOUNT_<NAME>`: upper case, with `_` for all that is no letter or digit. */
export function mountVariableName(mountName: string): string {
  return `PIKACI_MOUNT_${variablePart(mountName)}`;
}

/** `PIKACI_PAYLOAD_<ID>`: by it a build finds the root of a payload it depends on. */
export function payloadVariableName(payloadId: string): string {
  return `PIKACI_PAYLOAD_${variablePart(payloadId)}`;
}

/** A name as a part of the name of a variable: upper case, with `_` for all that is no letter or digit. */
export function variablePart(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** Of several mounts whose names give the same variable, the first one has it. */
function mountVariables(mounts: readonly EnvironmentMount[]): Record<string, string> {
  return Object.fromEntries(
    mounts.toReversed().map((mount) => [mountVariableName(mount.name), mount.path]),
  );
}

function pathDirectories(mounts: readonly EnvironmentMount[]): string[] {
  return mounts.flatMap((mount) => mount.addToPath.map((dir) => posix.join(mount.path, dir)));
}
