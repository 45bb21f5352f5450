import { ok, type JobExecution, type Outcome, type PlannedService } from '@pikaci/model';
import {
  jobEnvironment,
  resolveEntrypointReferences,
  serviceLayout,
  variablesOfService,
} from '@pikaci/paths';
import { dirname } from 'node:path';
import { baseEnvironment } from '../base-environment.js';
import { environmentMounts, placeMounts } from '../placed-mounts.js';
import type { ReadyJob } from '../ready-job.js';
import { treeDirectories } from '../working-tree/tree-directories.js';
import type { TreeRequest } from '../working-tree/working-tree.js';

/** A service with everything decided: what runs, where and with what. */
export interface ServiceRun {
  readonly execution: JobExecution;
  /** With its references to entry points resolved. */
  readonly service: PlannedService;
  /** Null: it has none. */
  readonly port: number | null;
  /** Its working tree, which is like the job's and its own. */
  readonly request: TreeRequest;
  readonly env: Readonly<Record<string, string>>;
  readonly logPath: string;
}

/** The working tree of a service: on the same snapshot and payloads as the job's, with layers of its own. */
export function serviceTree(job: TreeRequest, name: string): TreeRequest {
  const jobDir = dirname(job.workspaceDir);
  const directories = treeDirectories(serviceLayout(jobDir, name).serviceDir);
  const mounts = job.mounts.map(({ mount }) => mount);
  return { ...job, ...directories, mounts: placeMounts(mounts, directories.workspaceDir) };
}

/** Decides how a service is run. Fails for a reference to an entry point that there is not. */
export function serviceRun(
  { execution, request: jobTree }: ReadyJob,
  service: PlannedService,
  port: number | null,
  environment: NodeJS.ProcessEnv,
): Outcome<ServiceRun> {
  const { job, runId, payloads } = execution;
  const { artifactsDir } = job.hostContext;
  const request = serviceTree(jobTree, service.name);
  const mounts = environmentMounts(request.mounts);
  const command = resolveEntrypointReferences(service.command, payloads, mounts);
  if (!command.ok) return command;
  const check = resolveEntrypointReferences(service.readyCommand ?? '', payloads, mounts);
  if (!check.ok) return check;
  const base = baseEnvironment(environment);
  const env = jobEnvironment({
    runId,
    jobId: job.id,
    jobEnv: service.env,
    mounts,
    workspaceDir: request.workspaceDir,
    artifactsDir,
    basePath: base.PATH,
    told: variablesOfService({ name: service.name, port }),
  });
  const readyCommand = service.readyCommand === null ? null : check.value;
  return ok({
    execution,
    service: { ...service, command: command.value, readyCommand },
    port,
    request,
    env: { ...base, ...env },
    logPath: serviceLayout(job.hostContext.jobDir, service.name).log,
  });
}
