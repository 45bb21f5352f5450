import { ok, type JobExecution, type Outcome, type PlannedJob } from '@pikaci/model';
import {
  resolveEntrypointReferences,
  serviceLayout,
  variablesOfService,
  type JobMount,
} from '@pikaci/paths';
import { mountPlace } from '../prepare-guest.js';
import type { ServicePlan } from './service-plan.js';

/** How much longer than its job a service may run, in seconds, before its own guest ends it. */
const spareSeconds = 600;

/**
 * A service as a job: on the same snapshot and payloads, with a log of its own, and no secrets.
 *
 * @param ends aborted to end it
 * @param provisionSeconds how long the instances of the attempt may take to be ready
 */
export function serviceExecution(
  execution: JobExecution,
  { service }: ServicePlan,
  ends: Pick<JobExecution, 'signal' | 'force'>,
  provisionSeconds: number,
): JobExecution {
  const { job } = execution;
  const { log } = serviceLayout(job.hostContext.jobDir, service.name);
  const unready = job.services.map(({ readyTimeoutSeconds }) => readyTimeoutSeconds);
  const changed: PlannedJob = {
    ...job,
    command: service.command,
    env: service.env,
    services: [],
    secrets: [],
    artifacts: [],
    timeoutSeconds: job.timeoutSeconds + provisionSeconds + Math.max(...unready) + spareSeconds,
    hostContext: { ...job.hostContext, guestLogPath: log },
  };
  return {
    ...execution,
    ...ends,
    job: changed,
    secrets: [],
    observer: { ...execution.observer, onOutput: () => undefined, onPhase: () => undefined },
  };
}

/** The variables that tell a service which it is. */
export function toldService({ name, port }: ServicePlan): Readonly<Record<string, string>> {
  return variablesOfService({ name, port });
}

/** The command that tells whether a service can be used, with its references resolved; null: its port does. */
export function readyCommandOf(
  { service }: ServicePlan,
  { job, payloads }: Pick<JobExecution, 'job' | 'payloads'>,
  mounts: readonly JobMount[],
): Outcome<string | null> {
  if (service.readyCommand === null) return ok(null);
  const mode = job.hostContext.workspaceMode;
  const found = mounts.map((mount) => ({ ...mount, path: mountPlace(mount, mode) }));
  return resolveEntrypointReferences(service.readyCommand, payloads, found);
}
