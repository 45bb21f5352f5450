import { join } from 'node:path';

/** Where everything of one run lies. All paths are absolute when the state root is. */
export interface RunLayout {
  readonly stateRoot: string;
  readonly runId: string;
  readonly runDir: string;
  readonly runFile: string;
  readonly planFile: string;
  readonly preparedOutputsFile: string;
  readonly eventsFile: string;
  readonly jobsDir: string;
  /** What other processes ask of the run that owns this directory, one file each. */
  readonly requestsDir: string;
  /** While there is such a file, the run is not removed. */
  readonly pinFile: string;
}

/** Where everything of one job of a run lies. */
export interface JobLayout {
  readonly jobDir: string;
  readonly statusFile: string;
  readonly hostLog: string;
  readonly artifactsDir: string;
  readonly guestLog: string;
  readonly resultFile: string;
  readonly guestStatusFile: string;
  readonly guestEventsFile: string;
  /** One directory for each service. */
  readonly servicesDir: string;
}

/** Where everything of one service of a job lies. */
export interface ServiceLayout {
  readonly serviceDir: string;
  /** What it printed. */
  readonly log: string;
}

/** Where what is left of an earlier attempt of a job lies. */
export interface AttemptLayout {
  readonly attemptDir: string;
  readonly statusFile: string;
  readonly hostLog: string;
  readonly artifactsDir: string;
  readonly guestLog: string;
  readonly servicesDir: string;
}

/** The directory of a job, or of an attempt of it, that holds one directory for each service. */
const servicesName = 'services';

/** The directory that holds one directory for each run. */
export function runsDirectory(stateRoot: string): string {
  return join(stateRoot, 'runs');
}

/** The directory of the files that say which runs may have left something outside of their own directories. */
export function runLeasesDirectory(stateRoot: string): string {
  return join(stateRoot, 'cache', 'run-leases');
}

export function runLayout(stateRoot: string, runId: string): RunLayout {
  const runDir = join(runsDirectory(stateRoot), runId);
  return {
    stateRoot,
    runId,
    runDir,
    runFile: join(runDir, 'run.json'),
    planFile: join(runDir, 'plan.json'),
    preparedOutputsFile: join(runDir, 'prepared-outputs.json'),
    eventsFile: join(runDir, 'events.jsonl'),
    jobsDir: join(runDir, 'jobs'),
    requestsDir: join(runDir, 'requests'),
    pinFile: join(runDir, 'pinned'),
  };
}

export function jobLayout(run: Pick<RunLayout, 'jobsDir'>, jobId: string): JobLayout {
  const jobDir = join(run.jobsDir, jobId);
  const artifactsDir = join(jobDir, 'artifacts');
  return {
    jobDir,
    statusFile: join(jobDir, 'status.json'),
    hostLog: join(jobDir, 'host.log'),
    artifactsDir,
    guestLog: join(artifactsDir, 'guest.log'),
    resultFile: join(artifactsDir, 'result.json'),
    guestStatusFile: join(artifactsDir, 'status.json'),
    guestEventsFile: join(artifactsDir, 'events.jsonl'),
    servicesDir: join(jobDir, servicesName),
  };
}

/** @param jobDir the directory of a job, or of an attempt that was put aside */
export function serviceLayout(jobDir: string, serviceName: string): ServiceLayout {
  const serviceDir = join(jobDir, servicesName, serviceName);
  return { serviceDir, log: join(serviceDir, 'service.log') };
}

/** @param attempt counts from 1 */
export function attemptLayout(job: Pick<JobLayout, 'jobDir'>, attempt: number): AttemptLayout {
  const attemptDir = join(job.jobDir, 'attempts', String(attempt));
  const artifactsDir = join(attemptDir, 'artifacts');
  return {
    attemptDir,
    statusFile: join(attemptDir, 'status.json'),
    hostLog: join(attemptDir, 'host.log'),
    artifactsDir,
    guestLog: join(artifactsDir, 'guest.log'),
    servicesDir: join(attemptDir, servicesName),
  };
}
