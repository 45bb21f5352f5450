import type { JobConfig, PlannedService } from '@pikaci/model';
import { jobScript } from '@pikaci/paths';

/** The services of a job, in the order of its configuration. */
export function plannedServices({ services }: Pick<JobConfig, 'services'>): PlannedService[] {
  return Object.entries(services).map(([name, service]) => ({
    name,
    command: jobScript(service),
    image: service.image ?? null,
    env: service.env,
    port: service.port ?? null,
    readyCommand: service.ready !== undefined && 'run' in service.ready ? service.ready.run : null,
    readyTimeoutSeconds: service.readyTimeoutSeconds,
  }));
}
