import {
  artifactsOf,
  junitReportsOf,
  parseByteSize,
  type ExecuteNode,
  type HostContext,
  type JobConfig,
  type JobSecret,
  type PikaciConfig,
  type PlannedJob,
  type PlannedSecret,
  type RuntimeId,
} from '@pikaci/model';
import { jobScript } from '@pikaci/paths';
import { nodeIds } from './node-ids.js';
import { plannedServices } from './planned-services.js';

/** How often a job is tried again where the configuration does not say: only what says nothing of the job. */
const usualRetry = { infrastructure: 2, job: 0 };

/** The node of a job, with every default filled in. */
export function executeNode(
  config: PikaciConfig,
  jobId: string,
  job: JobConfig,
  runtime: RuntimeId,
  context: HostContext,
  dependsOn: readonly string[],
): ExecuteNode {
  const description = job.description ?? jobId;
  const { defaults } = config;
  return {
    kind: 'execute',
    id: nodeIds.execute(jobId),
    description,
    dependsOn,
    job: {
      id: jobId,
      description,
      command: jobScript(job),
      runtime,
      placement: 'local',
      env: job.env,
      services: plannedServices(job),
      timeoutSeconds: job.timeoutSeconds ?? defaults.timeoutSeconds,
      cancelGraceSeconds: job.cancelGraceSeconds ?? defaults.cancelGraceSeconds,
      retry: {
        infrastructure:
          job.retry?.infrastructure ?? defaults.retry.infrastructure ?? usualRetry.infrastructure,
        job: job.retry?.job ?? defaults.retry.job ?? usualRetry.job,
      },
      when: job.when,
      allowFailure: job.allowFailure,
      concurrency: job.concurrency ?? null,
      secrets: job.secrets.map(plannedSecret),
      // The schema lets no other text pass.
      logLimitBytes: parseByteSize(job.logLimit ?? defaults.logLimit) ?? 0,
      network: job.network ?? defaults.network,
      limits: job.limits ?? {},
      ...plannedArtifacts(job.artifacts),
      reports: { junit: junitReportsOf(job.reports) },
      user: job.user ?? null,
      hostContext: context,
    },
  };
}

function plannedArtifacts(
  artifacts: JobConfig['artifacts'],
): Pick<PlannedJob, 'artifacts' | 'artifactsWhen' | 'artifactsLimitBytes'> {
  const { paths, when, maxSize } = artifactsOf(artifacts);
  return {
    artifacts: paths,
    artifactsWhen: when,
    artifactsLimitBytes: maxSize === undefined ? null : parseByteSize(maxSize),
  };
}

function plannedSecret(secret: JobSecret): PlannedSecret {
  if (typeof secret === 'string') return { secret, as: 'env', name: secret };
  return { secret: secret.secret, as: secret.as, name: secret.name ?? secret.secret };
}
