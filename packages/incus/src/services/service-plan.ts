import {
  fail,
  ok,
  type JobExecution,
  type Outcome,
  type PlannedJob,
  type PlannedService,
} from '@pikaci/model';
import { instanceName, type ServiceAddress } from '@pikaci/paths';
import type { IncusProject } from '../incus-project.js';

/** A service of an attempt at a job, and what its name and port are. */
export interface ServicePlan extends ServiceAddress {
  readonly service: PlannedService;
  /** Name of its instance. */
  readonly instance: string;
}

/** Where `auto` ports begin: any will do, in a guest that is there for the service alone. */
const firstPort = 20_000;

/** The services of an attempt: the same for whoever asks, also for another process that goes on with the attempt. */
export function servicePlans({
  runId,
  job,
  attempt,
}: Pick<JobExecution, 'runId' | 'job' | 'attempt'>): readonly ServicePlan[] {
  const ports = servicePorts(job);
  return job.services.map((service, index) => ({
    service,
    name: service.name,
    port: ports[index] ?? null,
    // No id of a job has a slash.
    instance: instanceName(runId, `${job.id}/${service.name}`, attempt),
  }));
}

function servicePorts({ services }: Pick<PlannedJob, 'services'>): readonly (number | null)[] {
  const fixed = new Set(services.map(({ port }) => port));
  let next = firstPort;
  return services.map(({ port }) => {
    if (port !== 'auto') return port;
    while (fixed.has(next)) next += 1;
    return next++;
  });
}

/** Fails where instances cannot be connected to each other. */
export function checkServices(
  plans: readonly ServicePlan[],
  project: IncusProject,
  projectName: string,
): Outcome<void> {
  if (!project.refusesProxies || plans.every(({ port }) => port === null)) return ok(undefined);
  return fail('config', `Project "${projectName}" does not let a job reach its services`, {
    reason: 'it is restricted, and its restricted.devices.proxy is not "allow"',
    hint: `Allow it: incus project set ${projectName} restricted.devices.proxy=allow`,
  });
}
